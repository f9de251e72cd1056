"""A newcomer adds a note: from the published page to the merged file, on stand-ins for two families of code hosts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.forge import Forge, serving
from tests.support.git import git, new_repository
from tests.support.in_process import inquiry
from tests.support.sites import build_site, served
from tests.support.workflow_steps import Job, supply_tools

pytestmark = pytest.mark.xdist_group("browser")

HOSTS = {
    # Kind of host, edit_uri, the workflow that checks a pull request, and its job.
    "forgejo": ("_edit/main/docs/", ".forgejo/workflows/site.yml", "check"),
    "github": ("edit/main/docs/", ".github/workflows/check.yml", "content"),
}
QUESTION = "Does sleep help people remember what they practised?"
MOST_STEPS = 6


class Newcomer:
    """A person with an account at the code host and a browser; counts what the person has to do."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.steps: list[str] = []

    def does(self, step: str) -> None:
        """Count a step."""
        self.steps.append(step)

    def logs_in(self, page: Page) -> None:
        """Log in if the host asks for it; the account itself is a step, since a newcomer has none."""
        if page.get_by_role("button", name="Sign in").is_visible():
            self.does("get an account")
            page.get_by_label("User name").fill("newcomer")
            page.get_by_role("button", name="Sign in").click()

    def fills_the_form(self) -> None:
        """Fill in what a note requires, and a quote."""
        self.does("fill in the form")
        form = self.page.locator("form[data-iq-propose]")
        self.page.get_by_role("link", name="Add a note").click()
        note = form.locator("[data-iq-kind=note]")
        note.get_by_label("The one question").fill(QUESTION)
        note.locator("[name=description]").fill("People who slept recalled more words than those who stayed awake.")
        note.locator("[data-iq-rows=sources] [name=title]").fill("Sleep: what is it for?")
        note.locator("[name=authors]").fill("Ada Lovelace")
        note.locator("[name=year]").fill("2021")
        note.locator("[name=identity]").fill("10.1000/sleep")
        note.get_by_role("button", name="Add a quote").click()
        note.locator("[name=text]").fill("people who slept recalled more words")
        note.locator("[name=locator]").fill("abstract")

    def forks_first(self) -> None:
        """Fork the repository where the form asks for it, and enter the account."""
        fork = self.page.locator("[data-iq-fork]")
        if not fork.is_visible():
            return
        with self.page.context.expect_page() as tab:
            fork.get_by_role("link").click()
        self.logs_in(tab.value)
        self.does("fork the repository")
        tab.value.get_by_role("button", name="Fork repository").click()
        tab.value.close()
        fork.get_by_role("textbox").fill("newcomer")

    def commits(self) -> None:
        """Open the host's editor from the form, and commit the file that it shows."""
        with self.page.context.expect_page() as tab:
            self.page.get_by_role("button", name="Open in the editor").click()
        editor = tab.value
        self.logs_in(editor)
        if editor.get_by_role("button", name="Fork repository").is_visible():
            self.does("fork the repository")
            editor.get_by_role("button", name="Fork repository").click()
        expect(editor.get_by_label("File name")).to_have_value(
            "notes/does-sleep-help-people-remember-what-they-practised.md"
        )
        self.does("commit the file")
        editor.get_by_role("button", name="Commit changes").click()
        self.tab = editor

    def opens_a_pull_request(self) -> None:
        """Open it where the host leads to it, or by the link in the form."""
        if not self.tab.get_by_role("button", name="Create pull request").is_visible():
            with self.page.context.expect_page() as tab:
                self.page.locator(".iq-told a").click()
            self.tab = tab.value
        self.does("open the pull request")
        self.tab.get_by_role("button", name="Create pull request").click()
        expect(self.tab.get_by_role("heading")).to_have_text("Pull request 1")


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[Newcomer]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield Newcomer(context)
    context.close()


def published(tmp_path: Path, host: str, repo_url: str) -> Path:
    """Create a knowledge base for a code host with the commands of the manual."""
    base = tmp_path / "base"
    inquiry(tmp_path, "init", str(base), "--host", host, "--owner", "@them")
    settings = base / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}\nrepo_url: {repo_url}\nedit_uri: {HOSTS[host][0]}\n", encoding="utf-8")
    return new_repository(base, {})


def check(forge: Forge, tmp_path: Path, workflow: str, job: str) -> tuple[bool, str]:
    """Run the job that checks pull requests on the first one."""
    merged = forge.check_out(1, tmp_path / "merged")
    (tmp_path / "temporary").mkdir()
    values = {
        "github.event_name": "pull_request",
        "github.event.pull_request.base.sha": git(merged, "rev-parse", "HEAD^1"),
        "github.event.pull_request.head.sha": git(merged, "rev-parse", "HEAD^2"),
        "github.event.pull_request.number": "1",
        "github.server_url": "https://host.test",
        "github.repository": "them/base",
        "github.run_id": "1",
    }
    run = Job(merged, tmp_path / "temporary", values, supply_tools(tmp_path / "tools"))
    return run.run(merged / workflow, job), "".join(run.output.values())


@pytest.mark.parametrize("host", HOSTS)
def test_a_note_gets_from_the_published_page_to_the_next_site_in_at_most_six_steps(
    tmp_path: Path, newcomer: Newcomer, host: str
):
    forge = Forge(host, tmp_path / "forge")
    with serving(forge) as repo_url:
        base = published(tmp_path, host, repo_url)
        forge.receive(base)
        with served(build_site(base)) as address:
            newcomer.page.goto(f"{address}notes/")
            newcomer.fills_the_form()
            newcomer.forks_first()
            newcomer.commits()
            newcomer.opens_a_pull_request()
    passed, output = check(forge, tmp_path, *HOSTS[host][1:])
    assert passed, output
    assert "Does sleep help people remember" in output + (tmp_path / "temporary").joinpath(
        *(("comment", "comment.md") if host == "github" else ("changes", "changes.md"))
    ).read_text(encoding="utf-8")
    forge.merge(1)
    git(base, "pull", "-q", str(forge.repository("them")), "main")
    site = build_site(base)
    assert (site / "notes/does-sleep-help-people-remember-what-they-practised/index.html").is_file()
    print(f"{host}: {len(newcomer.steps)} steps: {', '.join(newcomer.steps)}")
    assert len(newcomer.steps) <= MOST_STEPS


def test_an_editor_that_a_newcomer_may_not_open_is_never_offered_without_a_fork(tmp_path: Path, newcomer: Newcomer):
    forge = Forge("forgejo", tmp_path / "forge")
    with serving(forge) as repo_url:
        base = published(tmp_path, "forgejo", repo_url)
        forge.receive(base)
        with served(build_site(base)) as address:
            newcomer.page.goto(f"{address}notes/best-gap/")
            shown = newcomer.page.get_by_role("link", name="Suggest an edit").get_attribute("href") or ""
    assert "/src/branch/main/notes/best-gap.md" in shown or "/propose/" in shown
