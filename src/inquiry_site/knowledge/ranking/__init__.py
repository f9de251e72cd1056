"""Next inquiring lines and related notes, with their reasons: ``derive.py`` derives these values."""

from inquiry_site.knowledge.ranking.types import MOST_NEIGHBOURS, Neighbours, Ranked, Ranking, RankingInputs, Reason

__all__ = ["MOST_NEIGHBOURS", "Neighbours", "Ranked", "Ranking", "RankingInputs", "Reason"]
