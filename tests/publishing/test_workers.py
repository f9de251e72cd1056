"""Files written by one process or two, and tasks run in a child."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from inquiry_site.publishing import workers
from inquiry_site.publishing.file_tree import stat_tree
from inquiry_site.publishing.workers import LateInput, Output, WriterPool, can_fork, run_in_child

needs_fork = pytest.mark.skipif(not can_fork(), reason="no second process on this system")
log = logging.getLogger("mkdocs.plugins.inquiry.test")


class Ranking:
    """A late input."""

    def __init__(self) -> None:
        self.value = "not computed"

    @property
    def input(self) -> LateInput:
        return LateInput(self.compute, self.receive)

    def compute(self) -> str:
        return "computed"

    def receive(self, value: str) -> None:
        self.value = value


def outputs(count: int, render: Callable[[int], str], ranked: range = range(0)) -> list[Output]:
    return [Output(f"p{number}.html", lambda n=number: render(n), number in ranked) for number in range(count)]  # type: ignore[misc]


def pool_of(count: int, folder: Path, render: Callable[[int], str], ranked: range = range(0)) -> WriterPool:
    return WriterPool(outputs(count, render, ranked), folder, Ranking().input)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a second process for a few files."""
    monkeypatch.setattr(workers, "LEAST_OUTPUTS", 10)
    monkeypatch.setattr(workers, "_LEAST_CHUNK", 2)


@pytest.mark.parametrize("count", [0, 5, 50])
def test_every_output_is_written_once_and_recorded(tmp_path: Path, small_chunks: None, count: int):
    pool, done = pool_of(count, tmp_path, str), []
    assert pool.run(lambda: "result", lambda: done.append(True), is_large=False) == "result"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {f"p{n}.html": str(n) for n in range(count)}
    assert pool.written == stat_tree(tmp_path)
    assert done == [True]


@needs_fork
def test_a_second_process_writes_what_needs_no_ranking_while_the_first_computes_it(tmp_path: Path, small_chunks: None):
    ranking, both = Ranking(), {str(os.getpid())}
    listed = [
        Output(f"p{number}.html", lambda: f"{os.getpid()} {ranking.value}", needs_ranking=number < 20)
        for number in range(40)
    ]

    def compute() -> str:
        while not list(tmp_path.glob("*.html")):
            time.sleep(0.001)
        ranking.value = "computed"
        return ranking.value

    WriterPool(listed, tmp_path, LateInput(compute, ranking.receive)).run(lambda: None, lambda: None, is_large=False)
    written = {path.name: path.read_text().split(" ", 1) for path in tmp_path.glob("*.html")}
    both |= {process for process, _ in written.values()}
    assert len(both) == 2
    assert {written[f"p{number}.html"][1] for number in range(20)} == {"computed"}


@needs_fork
def test_a_chunk_that_fails_in_the_child_fails_in_the_parent(tmp_path: Path, small_chunks: None):
    def render(number: int) -> str:
        if number == 39:
            raise ValueError("this page")
        return "text"

    with pytest.raises(ValueError, match="this page"):
        pool_of(40, tmp_path, render).run(lambda: None, lambda: None, is_large=False)


@needs_fork
def test_outputs_of_a_killed_child_are_written_by_the_parent(tmp_path: Path, small_chunks: None):
    parent = os.getpid()

    def render(number: int) -> str:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return str(number)

    pool = pool_of(40, tmp_path, render)
    pool.run(lambda: None, lambda: None, is_large=False)
    assert pool.written.keys() == {f"p{number}.html" for number in range(40)}


@pytest.mark.parametrize("count", [4, 40])
def test_warnings_of_both_processes_are_logged_and_their_outputs_recorded(
    tmp_path: Path, small_chunks: None, caplog: pytest.LogCaptureFixture, count: int
):
    def render(number: int) -> str:
        if number in {0, count - 1}:
            log.warning("page %d", number)
        return "text"

    pool = pool_of(count, tmp_path, render)
    pool.run(lambda: None, lambda: None, is_large=False)
    assert pool.with_warnings == {"p0.html", f"p{count - 1}.html"}
    assert sorted(caplog.messages) == sorted(["page 0", f"page {count - 1}"])


@needs_fork
def test_stopping_a_pool_ends_its_process(tmp_path: Path, small_chunks: None):
    pool = pool_of(40, tmp_path, str, ranked=range(40))
    worker = pool._worker
    assert worker is not None
    pool.stop()
    assert worker._process.exitcode is not None


@needs_fork
def test_a_task_runs_in_a_child_while_the_parent_works():
    done: list[int] = []
    assert run_in_child(os.getpid, lambda: done.append(os.getpid())) != os.getpid()
    assert done == [os.getpid()]


@needs_fork
def test_a_task_whose_child_is_killed_runs_in_the_parent():
    parent = os.getpid()

    def task() -> int:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    assert run_in_child(task, lambda: None) == parent


def test_without_a_second_process_both_tasks_run_here(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    done: list[int] = []
    assert run_in_child(os.getpid, lambda: done.append(1)) == os.getpid()
    assert done == [1]


def test_an_error_of_either_task_is_raised():
    def fail() -> None:
        raise ValueError("here")

    for task, meanwhile in ((fail, lambda: None), (lambda: None, fail)):
        with pytest.raises(ValueError, match="here"):
            run_in_child(task, meanwhile)
