"""Next inquiring lines and related notes, with reasons; computed by ``derive.derive_ranking``."""

from inquiry_site.knowledge.ranking.types import MOST_NEIGHBOURS, Neighbours, Ranked, Ranking, RankingInputs, Reason

__all__ = ["MOST_NEIGHBOURS", "Neighbours", "Ranked", "Ranking", "RankingInputs", "Reason"]
