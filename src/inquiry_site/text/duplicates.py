"""Find near-duplicate questions."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

from inquiry_site.text.tokenize import tokenize

_MIN_SCORE = 0.7
"""Questions with at least this score count as near-duplicates."""
_MIN_SPELLING = 70.0
"""Per cent. Questions whose spelling is less similar are not compared word by word."""
_MIN_WORD_SPELLING = 80.0
"""Per cent. Words whose spelling is at least this similar count as the same word."""
_MIN_SHARED = 0.65
"""The minimum share of words that near-duplicates have in common; determines the length of the prefix."""
_MOST_TRIED = 20
"""A question is compared with only the last 20 questions that share a given word, which keeps the cost linear."""
_DIGIT = re.compile(r"\d")


def near_duplicates(questions: Mapping[str, str]) -> tuple[tuple[str, str, float], ...]:
    """Return pairs of near-duplicate questions: for each such question, the most similar one with an earlier id.

    Candidates share a rare word (prefix filtering, Chaudhuri, Ganti and Kaushik 2006) and many letters; the score is
    the Jaccard index weighted by inverse document frequency (Spärck Jones 1972).

    Args:
        questions: the questions by id.

    Returns:
        Tuples of the later id, the earlier id and the score, from 0 to 1.
    """
    return _cached_near_duplicates(tuple(questions.items()))


# Most edits change no question, so successive builds of a preview repeat the same call.
@lru_cache(maxsize=4)
def _cached_near_duplicates(items: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, float], ...]:
    return tuple(_find_near_duplicates(dict(items)))


def _find_near_duplicates(questions: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    words_of = {identifier: sorted(set(tokenize(question))) for identifier, question in questions.items()}
    spelling_of = {identifier: " ".join(words) for identifier, words in words_of.items()}
    frequency = Counter(word for words in words_of.values() for word in words)
    bearers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for identifier in sorted(questions):
        words = words_of[identifier]
        numbers = " ".join(filter(_DIGIT.search, words))
        rare_first = sorted(words, key=lambda word: (frequency[word], word))
        prefix = rare_first[: len(rare_first) - math.ceil(_MIN_SHARED * len(rare_first)) + 1]
        # Questions that differ in a number have different subjects: 7B and 70B, GPT-3 and GPT-4.
        buckets = [bearers[word, numbers] for word in prefix]
        candidates = {other: spelling_of[other] for bucket in buckets for other in bucket[-_MOST_TRIED:]}
        matches = process.extract(
            spelling_of[identifier], candidates, scorer=fuzz.ratio, limit=3, score_cutoff=_MIN_SPELLING
        )
        scores = [(_shared_weight(words, words_of[other], frequency, len(questions)), other) for _, _, other in matches]
        for bucket in buckets:
            bucket.append(identifier)
        score, closest = max(scores, default=(0.0, ""))
        if score >= _MIN_SCORE:
            yield identifier, closest, score


def _shared_weight(one: list[str], other: list[str], frequency: Mapping[str, int], total: int) -> float:
    shared, all_words = set(one) & set(other), {*one, *other}
    # Words with nearly the same spelling count as the same word: "helps" and "help", or a typing error.
    for word in sorted(set(one) - shared):
        match = process.extractOne(
            word, sorted(set(other) - shared), scorer=fuzz.ratio, score_cutoff=_MIN_WORD_SPELLING
        )
        if match is not None:
            shared.add(word)
            all_words.discard(match[0])
    weight = {word: math.log(1 + total / frequency[word]) for word in all_words | shared}
    return sum(weight[word] for word in shared) / sum(weight[word] for word in all_words)
