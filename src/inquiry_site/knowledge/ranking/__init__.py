"""Next inquiring lines and related notes, with their reasons: ``derive.py`` derives these values."""

from inquiry_site.knowledge.ranking.values import DEPTH, Facts, Neighbours, Ranked, Ranking, Reason

__all__ = ["DEPTH", "Facts", "Neighbours", "Ranked", "Ranking", "Reason"]
