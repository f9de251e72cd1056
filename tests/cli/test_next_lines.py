"""``inquiry next``."""

from __future__ import annotations

import json

import pytest

from tests.support.command import inquiry
from tests.support.knowledge_bases import SMALL


def test_next_prints_scores_and_reasons():
    result = inquiry("next", "how-to-remember", "-C", str(SMALL))
    assert result.exit_code == 0
    assert result.output == (
        "What makes people remember longest?\n"
        "\n"
        "  1  0.41  Does any of this hold for motor skills?\n"
        "           what-of-skills\n"
        "           chosen by the author; asks about what was not shown here: motor skills; also covers Sleep; "
        "both about Memory and recall\n"
        "  2  0.54  Does being tested help?\n"
        "           does-testing-help\n"
        "           shares 1 note; both about Memory and recall\n"
    )


def test_next_prints_what_each_kind_of_evidence_adds():
    result = inquiry("next", "how-to-remember", "--explain", "-C", str(SMALL))
    head, first, second, most = result.output.split("\n\n")[2].splitlines()
    assert head.split()[-1] == "score"
    assert {"notes", "text", "topics"} <= set(head.split())
    assert first.split()[-1] == "what-of-skills"
    assert second.split()[-1] == "does-testing-help"
    *parts, score = map(float, second.split()[1:-1])
    assert sum(parts) == pytest.approx(score, abs=0.001)
    assert most.startswith("most")
    assert "the page “Ranking” of the documentation" in result.output


def test_next_as_json_and_by_title():
    result = inquiry("next", "Does being tested help?", "--json", "-n", "1", "-C", str(SMALL))
    (row,) = json.loads(result.stdout)
    assert (row["rank"], row["id"]) == (1, "how-to-remember")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("how-to-rember", "Did you mean how-to-remember?"),
        ("how-to", "Did you mean how-to-remember?"),
        ("spacing-helps", "“spacing-helps” is a note; only lines have next lines."),
        ("unfinished", "“unfinished” is a draft"),
    ],
)
def test_next_refuses_names_that_are_not_lines(name: str, message: str):
    result = inquiry("next", name, "-C", str(SMALL))
    assert (result.exit_code, result.stdout) == (1, "")
    assert message in result.stderr
