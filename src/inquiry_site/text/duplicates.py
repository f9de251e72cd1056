"""Questions that are asked twice."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

from inquiry_site.text.tokenize import tokenize

_NEAR = 0.7
"""Questions that share so much of their words ask the same in other words."""
_ALIKE = 70.0
"""Questions less like than this in their letters (in per cent) are not compared word by word."""
_SAME_WORD = 80.0
_SHARED = 0.65
"""The least share of words that such questions have in common."""
_MOST_TRIED = 20
"""Questions with no rarer word are compared with the last so many that share one: it keeps the cost linear."""
_DIGIT = re.compile(r"\d")


def near_duplicates(questions: Mapping[str, str]) -> tuple[tuple[str, str, float], ...]:
    """Ids of questions that are nearly alike, the later first, with the score of the likest earlier one.

    Candidates share a rare word (prefix filtering, Chaudhuri, Ganti and Kaushik 2006) and many letters; the score is
    the Jaccard index weighted by inverse document frequency (Spärck Jones 1972), from 0 to 1.

    Args:
        questions: each question by its id.
    """
    return _cached_near_duplicates(tuple(questions.items()))


# Most edits change no question: the builds of a preview ask for the same again.
@lru_cache(maxsize=4)
def _cached_near_duplicates(asked: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, float], ...]:
    return tuple(_find_near_duplicates(dict(asked)))


def _find_near_duplicates(questions: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    spoken = {identifier: sorted(set(tokenize(question))) for identifier, question in questions.items()}
    spelt = {identifier: " ".join(found) for identifier, found in spoken.items()}
    frequency = Counter(word for found in spoken.values() for word in found)
    bearers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for identifier in sorted(questions):
        here = spoken[identifier]
        numbers = " ".join(filter(_DIGIT.search, here))
        rare_first = sorted(here, key=lambda word: (frequency[word], word))
        prefix = rare_first[: len(rare_first) - math.ceil(_SHARED * len(rare_first)) + 1]
        # Questions that differ in a number are about different things: 7B and 70B, GPT-3 and GPT-4.
        buckets = [bearers[word, numbers] for word in prefix]
        tried = {other: spelt[other] for bucket in buckets for other in bucket[-_MOST_TRIED:]}
        likely = process.extract(spelt[identifier], tried, scorer=fuzz.ratio, limit=3, score_cutoff=_ALIKE)
        scores = [(_shared_weight(here, spoken[other], frequency, len(questions)), other) for _, _, other in likely]
        for bucket in buckets:
            bucket.append(identifier)
        score, likest = max(scores, default=(0.0, ""))
        if score >= _NEAR:
            yield identifier, likest, score


def _shared_weight(one: list[str], other: list[str], frequency: Mapping[str, int], total: int) -> float:
    shared, all_words = set(one) & set(other), {*one, *other}
    # A word that is spelt a little differently is the same word: helps and help, a slip of the keys.
    for word in sorted(set(one) - shared):
        same = process.extractOne(word, sorted(set(other) - shared), scorer=fuzz.ratio, score_cutoff=_SAME_WORD)
        if same is not None:
            shared.add(word)
            all_words.discard(same[0])
    weight = {word: math.log(1 + total / frequency[word]) for word in all_words | shared}
    return sum(weight[word] for word in shared) / sum(weight[word] for word in all_words)
