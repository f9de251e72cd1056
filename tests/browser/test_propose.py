"""The form for proposals in a browser: from the first word to the file in the code host's editor."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.axe import SCHEMES, run_axe
from tests.support.in_process import inquiry, mkdocs_build
from tests.support.knowledge_bases import SMALL
from tests.support.sites import build_site, served

pytestmark = pytest.mark.xdist_group("browser")

HOSTS = {
    "github": "repo_url: https://github.com/them/base\nedit_uri: edit/main/docs/\n",
    "codeberg": "repo_url: https://codeberg.org/them/base\nedit_uri: _edit/main/docs/\n",
    "gitlab": "repo_url: https://gitlab.com/them/base\nedit_uri: -/edit/main/docs/\n",
    "none": "",
}
OWN_HOST = "repo_url: https://example.org/ours/kb\nedit_uri: edit/main/docs/\n"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
QUESTION = "Does sleep help people remember what they practised?"
CLAIM = 'Sleep after practice helps: people who slept recalled "more" words than those who stayed awake.'
PASSAGE = "people who slept recalled more words"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[dict[str, str]]:
    addresses, servers = {}, []
    for host, settings in HOSTS.items():
        folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp(host) / "kb"))
        text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
        (folder / "mkdocs.yml").write_text(text.replace(OWN_HOST, settings), encoding="utf-8")
        servers.append(served(build_site(folder)))
        addresses[host] = servers[-1].__enter__()
    yield addresses
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.route(re.compile("https://"), lambda route: route.fulfill(body="the host's editor"))
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def field(page: Page, name: str) -> Locator:
    """Return the last field with a name that belongs to the chosen kind."""
    expect(page.locator("form[data-iq-propose]")).to_be_visible()
    return page.locator(f"[data-iq-kind]:not([hidden]) [name={name}]").last


def fill(page: Page, question: str = QUESTION) -> None:
    """Fill in the fields of a note that must be."""
    page.get_by_label("The one question").fill(question)
    values = {"description": CLAIM, "authors": "Ada Lovelace\nHopper, Grace", "year": "2021"}
    for name, value in {**values, "identity": "https://doi.org/10.1000/sleep"}.items():
        field(page, name).fill(value)
    page.locator("[data-iq-rows=sources] [name=title]").fill("Sleep: what is it for?")


def opened(page: Page, button: str = "Open in the editor") -> dict[str, str]:
    """Return the address that a button opens in a new tab, and the values in it."""
    with page.context.expect_page() as tab:
        page.get_by_role("button", name=button).click()
    url = tab.value.url
    tab.value.close()
    return {"url": url.split("?")[0], **{key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}}


def check(folder: Path, files: dict[str, str]) -> str:
    """Return the findings of ``inquiry check`` in a copy of the small knowledge base with these files."""
    base = Path(shutil.copytree(SMALL, folder / "kb"))
    for path, text in files.items():
        (base / path).write_text(text, encoding="utf-8")
    done = inquiry(base, "check", *files)
    return done.stdout + done.stderr


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("size", SIZES)
def test_a_newcomer_gets_from_the_form_to_a_file_that_passes_the_check(
    sites: dict[str, str], page: Page, size: str, tmp_path: Path
):
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.goto(sites["github"] + "notes/")
    page.get_by_role("link", name="Add a note").click()
    expect(page).to_have_url(re.compile(r"/propose/\?kind=note$"))
    fill(page)
    page.get_by_role("button", name="Add a quote").click()
    field(page, "text").fill(PASSAGE)
    field(page, "locator").fill("abstract")
    field(page, "not_shown").fill("naps\nchildren")
    page.get_by_role("button", name="Add a topic").click()
    field(page, "tag").fill("memory")
    page.get_by_role("button", name="Add a relation").click()
    field(page, "to").fill("spacing-helps")
    field(page, "because").fill("Both are about practice: it is spread over time.")
    field(page, "body").fill("It agrees with [[spacing-helps]].")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = opened(page)
    assert found["url"] == "https://github.com/them/base/new/main"
    assert found["filename"] == "notes/does-sleep-help-people-remember-what-they-practised.md"
    assert check(tmp_path, {found["filename"]: found["value"]}) == "1 note: no findings.\n"


def test_the_keyboard_alone_fills_the_form(sites: dict[str, str], page: Page, tmp_path: Path):
    page.goto(sites["github"] + "propose/")
    page.locator("[name=kind]").first.focus()
    typed = [
        QUESTION,
        CLAIM,
        "A: paper's “title”",
        "Ada Lovelace",
        "2020",
        "2510.07364",
        None,
        "Add a quote",
        "Add another source",
        "naps",
        "children",
        "Add a topic",
        "Add a relation",
        "Body.",
        None,
    ]
    for text in typed:
        page.keyboard.press("Tab")
        if text and text.startswith(("Add a ", "Add another")):
            expect(page.locator(":focus")).to_have_text(text)
        elif text:
            page.keyboard.type(text)
    expect(page.locator(":focus")).to_have_value("does-sleep-help-people-remember-what-they-practised")
    with page.context.expect_page() as tab:
        page.keyboard.press("Enter")
    found = parse_qs(urlsplit(tab.value.url).query)
    assert check(tmp_path, {found["filename"][0]: found["value"][0]}) == "1 note: no findings.\n"
    assert 'holds: ["naps"]' in found["value"][0]


def test_questions_that_exist_are_shown_and_not_asked_again(sites: dict[str, str], page: Page):
    page.goto(sites["github"] + "propose/")
    page.get_by_label("The one question").fill("Does spacing help?")
    link = page.locator(".iq-asked a", has_text="Does spacing practice help memory?")
    expect(link).to_have_attribute("href", re.compile("/notes/spacing-helps/$"))
    fill(page, "does Spacing practice help memory?")
    page.get_by_role("button", name="Open in the editor").click()
    assert "already exists" in page.get_by_label("The one question").evaluate("field => field.validationMessage")
    field(page, "id").fill("spacing-helps")
    assert "already exists" in field(page, "id").evaluate("field => field.validationMessage")
    assert len(page.context.pages) == 1


def test_the_form_asks_for_what_the_maintainers_require(tmp_path: Path, page: Page):
    folder = Path(shutil.copytree(SMALL, tmp_path / "kb"))
    text = (folder / "mkdocs.yml").read_text(encoding="utf-8").replace(OWN_HOST, HOSTS["github"])
    standard = (
        "{note_words: [5, 20], quote_words: 4, topic_pages: 2, identifiers: [doi, arxiv], scope: true, checked: true}"
    )
    settings = text.replace("  - inquiry: {", f"  - inquiry: {{editorial: {standard}, ")
    assert settings != text
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    assert mkdocs_build(folder).returncode == 0
    with served(folder / "site") as address:
        page.goto(address + "propose/")
        fill(page)
        for name in ("quote", "topic"):
            page.get_by_role("button", name=f"Add a {name}").click()
        field(page, "locator").fill("abstract")
        for name, value, message in (
            ("identity", "https://example.org/paper", "doi, arxiv"),
            ("text", "three words only", "At least 4 words"),
            ("tag", "unheard-of", "Choose a topic"),
            ("body", "Too short.", "At least 5 words"),
            ("body", "word " * 21, "At most 20 words"),
        ):
            field(page, name).fill(value)
            page.get_by_role("button", name="Open in the editor").click()
            assert message in field(page, name).evaluate("field => field.validationMessage")
            if name == "identity":
                field(page, name).fill("10.1000/sleep")
        good = {"text": PASSAGE, "tag": "memory", "body": "Both groups learned the same list.", "holds": "adults"}
        for name, value in good.items():
            field(page, name).fill(value)
        page.get_by_role("button", name="Open in the editor").click()
        assert field(page, "not_shown").evaluate("field => field.validity.valueMissing")
        field(page, "not_shown").fill("naps")
        page.get_by_role("button", name="Open in the editor").click()
        assert field(page, "extent").evaluate("field => field.validity.valueMissing")
        field(page, "extent").select_option("abstract")
        found = opened(page)
    (folder / found["filename"]).write_text(found["value"], encoding="utf-8")
    done = inquiry(folder, "check", found["filename"])
    assert (done.returncode, "editorial/" in done.stdout) == (0, False), done.stdout


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("../../etc/passwd?", "notes/etc-passwd.md"),
        ("🙂🙃?", "notes/note.md"),
        ("האם שינה עוזרת?", "notes/האם-שינה-עוזרת.md"),
        ("Spacing helps?", "notes/spacing-helps-2.md"),
        ("---: 'x' \"y\" [[z]] <b>?", "notes/x-y-z-b.md"),
    ],
)
def test_any_question_becomes_a_file_with_a_valid_name(
    sites: dict[str, str], page: Page, question: str, path: str, tmp_path: Path
):
    page.goto(sites["github"] + "propose/")
    page.get_by_label("The one question").focus()
    page.wait_for_load_state("networkidle")
    fill(page, question)
    found = opened(page)
    assert found["filename"] == path
    assert "no findings" in check(tmp_path, {path: found["value"]})


def test_faults_are_named_at_their_fields(sites: dict[str, str], page: Page):
    page.goto(sites["github"] + "propose/")
    fill(page)
    for name, value, message in (
        ("description", "x" * 5000, "4400"),
        ("description", "   ", "Write some text."),
        ("identity", "a paper", "not a DOI"),
        ("id", "../up", "lower-case"),
        ("title", "A statement", "match"),
        ("year", "in May", "match"),
    ):
        before = page.locator(f"[data-iq-kind=note] [name={name}]").first
        kept = before.input_value()
        before.fill(value)
        page.get_by_role("button", name="Open in the editor").click()
        assert message in before.evaluate("field => field.validationMessage")
        before.fill(kept)
    assert len(page.context.pages) == 1


def test_a_text_that_is_one_byte_too_long_for_a_link_is_copied(sites: dict[str, str], page: Page):
    page.goto(sites["github"] + "propose/")
    fill(page)
    longest = int(page.locator("form[data-iq-propose]").get_attribute("data-longest") or 0)
    field(page, "body").fill("x")
    with page.context.expect_page() as tab:
        page.get_by_role("button", name="Open in the editor").click()
    room = longest - len(tab.value.url)
    tab.value.close()
    field(page, "body").fill("x" * (room + 1))
    with page.context.expect_page() as tab:
        page.get_by_role("button", name="Open in the editor").click()
    assert len(tab.value.url) == longest
    tab.value.close()
    page.bring_to_front()
    field(page, "body").fill("x" * (room + 2))
    page.get_by_role("button", name="Open in the editor").click()
    expect(page.locator(".iq-told")).to_contain_text("too long for a link")
    assert "x" * (room + 2) in clipboard(page)
    link = page.locator(".iq-told a")
    expect(link).to_have_attribute("href", re.compile(r"/new/main\?filename=notes%2F[\w-]+\.md$"))
    expect(link).to_have_attribute("rel", "noopener")


def test_gitlab_gets_the_path_and_the_clipboard_the_text(sites: dict[str, str], page: Page):
    page.goto(sites["gitlab"] + "propose/")
    fill(page)
    page.get_by_role("button", name="Open in the editor").click()
    expect(page.locator(".iq-told")).to_contain_text("paste the text")
    assert clipboard(page).startswith("---\ntitle: ")
    href = page.locator(".iq-told a").get_attribute("href") or ""
    assert href.startswith("https://gitlab.com/them/base/-/new/main?file_name=notes%2Fdoes-sleep")


def test_codeberg_gets_path_and_text(sites: dict[str, str], page: Page):
    page.goto(sites["codeberg"] + "propose/")
    fill(page)
    found = opened(page)
    assert found["url"] == "https://codeberg.org/them/base/_new/main/"
    assert found["value"].startswith("---\ntitle: ")


def test_without_a_code_host_the_text_is_copied_and_downloaded(sites: dict[str, str], page: Page):
    page.goto(sites["none"] + "propose/?kind=note&tag=sleep")
    assert page.locator("[name=kind]").evaluate_all("all => all.map(one => one.value)") == ["note", "answer"]
    expect(field(page, "tag")).to_have_value("sleep")
    fill(page)
    page.get_by_role("button", name="Copy the text").click()
    expect(page.locator(".iq-told")).to_contain_text("maintainers")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "does-sleep-help-people-remember-what-they-practised.md"
    assert Path(download.value.path()).read_text(encoding="utf-8") == clipboard(page)
    page.goto(sites["none"] + "notes/spacing-helps/")
    expect(page.locator(".iq-offers")).to_have_count(0)


def test_an_answer_is_the_whole_file_of_the_line(sites: dict[str, str], page: Page, tmp_path: Path):
    page.goto(sites["github"] + "lines/what-of-skills/")
    page.get_by_role("link", name="Answer this question").click()
    field(page, "answer").fill("Spacing: yes; sleep: not shown.")
    field(page, "body").fill("Spacing helps memory [[spacing-helps]].")
    page.get_by_role("button", name="Open in the editor").click()
    expect(page.locator(".iq-told a")).to_have_attribute(
        "href", "https://github.com/them/base/edit/main/lines/what-of-skills.md"
    )
    text = clipboard(page)
    assert 'title: "Does any of this hold for motor skills?"\n' in text
    assert check(tmp_path, {"lines/what-of-skills.md": text}) == "1 line: no findings.\n"


def test_an_edit_opens_the_file_and_a_problem_an_issue(sites: dict[str, str], page: Page):
    page.goto(sites["github"] + "notes/cramming-suffices/")
    page.get_by_role("link", name="Suggest an edit").click()
    assert opened(page)["url"] == "https://github.com/them/base/edit/main/notes/memory/cramming-suffices.md"
    page.goto(sites["github"] + "notes/cramming-suffices/")
    page.get_by_role("link", name="Report a problem").click()
    field(page, "body").fill("The paper says the opposite & more.")
    found = opened(page, "Open as an issue")
    assert found["url"] == "https://github.com/them/base/issues/new"
    assert found["title"] == "cramming-suffices"
    assert found["body"] == "The paper says the opposite & more.\n\nnotes/memory/cramming-suffices.md\n"


@pytest.mark.parametrize("file", ["../../settings", "notes/../../x.md", "https://evil.example/x.md", "notes/x.md?y.md"])
def test_a_link_cannot_choose_a_file_outside(sites: dict[str, str], page: Page, file: str):
    page.goto(f"{sites['github']}propose/?kind=edit&id=spacing-helps&file={quote(file, safe='')}")
    field(page, "body").focus()
    assert opened(page)["url"] == "https://github.com/them/base/edit/main/notes/spacing-helps.md"


def test_a_draft_of_each_kind_is_kept_until_it_is_cleared(sites: dict[str, str], page: Page):
    page.goto(sites["github"] + "propose/")
    fill(page)
    page.get_by_role("button", name="Add a quote").click()
    field(page, "text").fill(PASSAGE)
    page.get_by_label("A problem with a claim").check()
    field(page, "body").fill("Wrong.")
    page.reload()
    page.get_by_label("A problem with a claim").check()
    expect(field(page, "body")).to_have_value("Wrong.")
    page.get_by_label("A new note").check()
    expect(field(page, "text")).to_have_value(PASSAGE)
    expect(page.locator(".iq-told")).to_contain_text("restored")
    page.get_by_role("button", name="Clear this draft").click()
    expect(page.get_by_label("The one question")).to_have_value("")
    page.reload()
    expect(page.get_by_label("The one question")).to_have_value("")


def test_a_draft_about_another_page_is_not_shown(sites: dict[str, str], page: Page):
    page.goto(sites["github"] + "propose/?kind=problem&id=spacing-helps")
    field(page, "body").fill("Wrong.")
    page.goto(sites["github"] + "propose/?kind=problem&id=sleep-consolidates")
    expect(field(page, "body")).to_have_value("")
    expect(field(page, "id").first).to_have_value("sleep-consolidates")


def test_the_preview_shows_the_note_and_its_file(sites: dict[str, str], page: Page):
    page.goto(sites["github"] + "propose/")
    page.get_by_text("Preview").click()
    fill(page, "<b>Bold</b>?")
    expect(page.locator("[data-iq-shown] h2")).to_have_text("<b>Bold</b>?")
    expect(page.locator(".iq-proposal code")).to_contain_text('title: "<b>Bold</b>?"')


def test_relations_are_offered_while_typing(sites: dict[str, str], page: Page):
    page.goto(sites["github"] + "propose/")
    page.get_by_role("button", name="Add a relation").click()
    field(page, "to").press_sequentially("spacing")
    expect(page.locator("#iq-known option[value=spacing-helps]")).to_have_count(1)
    expect(page.locator("#iq-topics option[value=memory]")).to_have_count(1)


def test_nothing_is_sent_anywhere(sites: dict[str, str], context: BrowserContext, page: Page):
    requests: list[str] = []
    context.on("request", lambda request: requests.append(f"{request.method} {request.url}"))
    page.goto(sites["github"] + "propose/")
    fill(page)
    expect(page.locator(".iq-asked a").first).to_be_visible()
    assert [one for one in requests if not one.startswith(f"GET {sites['github']}")] == []
    assert not any("sleep" in one.lower() for one in requests)


def test_without_javascript_links_lead_to_the_host(sites: dict[str, str], browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sites["github"] + "notes/cramming-suffices/")
    assert [link.get_attribute("href") for link in page.locator(".iq-offers a").all()] == [
        "https://github.com/them/base/edit/main/notes/memory/cramming-suffices.md",
        "https://github.com/them/base/issues/new?title=cramming-suffices&body=",
    ]
    page.goto(sites["github"] + "propose/")
    expect(page.locator("form[data-iq-propose]")).to_be_hidden()
    expect(page.locator("noscript a")).to_have_attribute("href", re.compile(r"/new/main\?filename=notes%2Fnew-note.md"))
    context.close()


def test_the_form_works_with_the_other_engine_and_without_directory_urls(tmp_path: Path, page: Page):
    folder = Path(shutil.copytree(SMALL, tmp_path / "kb"))
    text = (folder / "mkdocs.yml").read_text(encoding="utf-8").replace(OWN_HOST, HOSTS["github"])
    (folder / "mkdocs.yml").write_text(f"{text}use_directory_urls: false\n", encoding="utf-8")
    with served(build_site(folder, "properdocs")) as address:
        page.goto(f"{address}topics/memory.html")
        page.get_by_role("link", name="Add a note").click()
        expect(page).to_have_url(f"{address}propose/index.html?kind=note&tag=memory")
        expect(field(page, "tag")).to_have_value("memory")
        fill(page, "Does spacing help?")
        link = page.locator(".iq-asked a", has_text="Does spacing practice help memory?")
        expect(link).to_have_attribute("href", f"{address}notes/spacing-helps.html")
        assert opened(page)["filename"] == "notes/does-spacing-help.md"


def test_style_and_scripts_of_the_page_are_small(sites: dict[str, str], context: BrowserContext, page: Page):
    bodies: dict[str, bytes] = {}
    context.on("requestfinished", lambda request: bodies.update({request.url: b""}))
    page.goto(sites["github"] + "notes/")
    page.wait_for_load_state("networkidle")
    assert not any("propose.js" in url for url in bodies)
    page.goto(sites["github"] + "propose/")
    page.get_by_label("The one question").fill("Does spacing help?")
    expect(page.locator(".iq-asked a").first).to_be_visible()
    ours = [url for url in bodies if "assets/inquiry/" in url and "filters" not in url]
    sizes = {url: len(gzip.compress(context.request.get(url).body(), 9)) for url in ours}
    assert any("propose.js" in url for url in ours)
    assert sum(sizes.values()) <= 30 * 1024, sizes


@pytest.mark.parametrize("kind", ["note", "edit", "answer", "problem"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_form_is_accessible(sites: dict[str, str], page: Page, scheme: str, kind: str):
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{sites['github']}propose/?kind={kind}")
    if kind == "note":
        for button in ("Add a quote", "Add a topic", "Add a relation"):
            page.get_by_role("button", name=button).click()
        page.get_by_text("Preview").click()
        fill(page)
        expect(page.locator(".iq-asked a").first).to_be_visible()
    results = run_axe(page, scheme)
    assert results.violations_count == 0, results.generate_report()
