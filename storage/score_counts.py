"""How many undecided suggestions have which score: what a slider tells while it moves."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from sqlalchemy import func, literal_column, select

from storage import tables as t
from storage.project import Project
from storage.queries import is_listed

_SPAN = t.Span.__table__.c


@dataclass(frozen=True, slots=True)
class ScoreCounts:
    """The scores that occur, ascending, and how many suggestions lie below each. One without a score always stays."""

    scores: tuple[float, ...] = ()
    below: tuple[int, ...] = ()
    total: int = 0

    def staying(self, least_score: float) -> int:
        """Return how many suggestions have at least this score; O(log n)."""
        at = bisect_left(self.scores, least_score)
        lower = self.below[at] if at < len(self.scores) else self.below[-1] if self.below else 0
        return self.total - lower


def score_counts(project: Project) -> dict[int, ScoreCounts]:
    """Return the counts of each label that has undecided suggestions in listed documents.

    By an index that holds all that it needs: about 40 ms for 100,000 suggestions.
    """
    unlisted = select(t.Document.id).where(~is_listed())
    query = (
        select(_SPAN.label_id, _SPAN.score, func.count())
        .where(_SPAN.state == literal_column("'suggested'"), _SPAN.document_id.not_in(unlisted))
        .group_by(_SPAN.label_id, _SPAN.score)
        .order_by(_SPAN.label_id, _SPAN.score)
    )
    found: dict[int, list[tuple[float | None, int]]] = {}
    with project.reading() as connection:
        for label_id, score, count in connection.execute(query):
            found.setdefault(label_id, []).append((score, count))
    return {label_id: _counted(rows) for label_id, rows in found.items()}


def _counted(rows: list[tuple[float | None, int]]) -> ScoreCounts:
    scores: list[float] = []
    below: list[int] = []
    done = 0
    for score, count in rows:
        if score is not None:
            scores.append(score)
            below.append(done)
            done += count
    # Above the highest score, all that have one are below.
    total = sum(count for _, count in rows)
    return ScoreCounts((*scores, float("inf")), (*below, done), total)
