"""``graph.json`` as the format promises it to other tools."""

from __future__ import annotations

import json

from inquiry_site import Build, build
from tests.support.knowledge_bases import scrambled


def test_graph_json_follows_the_json_graph_format(small: Build):
    graph = json.loads(small.graph_json())["graph"]
    assert (graph["directed"], graph["type"], graph["metadata"]["format"]) == (True, "inquiry-site", 1)
    assert {node["metadata"]["kind"] for node in graph["nodes"].values()} == {"note", "line", "source", "topic"}
    names = set(graph["nodes"])
    assert all(edge["source"] in names and edge["target"] in names for edge in graph["edges"])
    relations = {edge["relation"] for edge in graph["edges"]}
    assert relations == {"cites", "next", "related", "evidence", "about", "contradicts", "qualifies"}


def test_citations_contain_their_sentences(small: Build):
    graph = json.loads(small.graph_json())["graph"]
    edge = next(e for e in graph["edges"] if (e["source"], e["target"]) == ("how-to-remember", "spacing-helps"))
    assert edge["metadata"]["sentences"] == [
        "Spacing raised recall by 12 points [Does spacing practice help memory?].",
        "Spacing is the safest advice [Does spacing practice help memory?].",
    ]


def test_ranks_count_from_one():
    graph = json.loads(build(scrambled()).graph_json())["graph"]
    ranks = [e["metadata"]["rank"] for e in graph["edges"] if (e["source"], e["relation"]) == ("n1", "related")]
    assert ranks == list(range(1, 8))


def test_the_order_of_files_does_not_change_the_bytes():
    files = scrambled()
    backwards = dict(reversed(files.items()))
    assert build(files).graph_json() == build(backwards).graph_json()
