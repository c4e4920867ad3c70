"""Judge how well each portal is, compared with its own past; pure: no archive, no network, the time is passed in."""

from kwri_crawler.health.judge import judge, judge_all
from kwri_crawler.health.past import Arrival, CrawlEnd, ListingState, Loss, Past, Reason, State, Verdict, Word
from kwri_crawler.health.sentences import Says

__all__ = [
    "Arrival", "CrawlEnd", "ListingState", "Loss", "Past", "Reason", "Says", "State", "Verdict", "Word", "judge",
    "judge_all",
]  # fmt: skip
