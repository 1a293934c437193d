"""Where spans come from: which suggesters proposed, who decided what and when, and how often people agreed."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy import text as sql

from storage import tables as t
from storage.project import Project
from storage.queries import is_listed
from storage.records import ChangeSetRecord, LabelKind, RunRecord, State

_DOCUMENT = t.Document.__table__.c
_SPAN = t.Span.__table__.c


def runs(project: Project) -> dict[int, RunRecord]:
    """Return the suggester versions that worked on this project, by id."""
    run = t.SuggesterRun
    with project.reading() as connection:
        rows = connection.execute(select(run.id, run.suggester, run.version, run.model, run.started_at)).all()
    return {row.id: RunRecord(*row) for row in rows}


def analysts(project: Project) -> dict[int, str]:
    """Return the names of those who decided, by id."""
    with project.reading() as connection:
        return {row.id: row.name for row in connection.execute(select(t.Analyst.id, t.Analyst.name))}


def history_of(project: Project, span_id: int) -> list[ChangeSetRecord]:
    """Return the entries of the change log that touched a span one by one, oldest first."""
    entry, change = t.ChangeSet, t.Change
    columns = (
        entry.id,
        entry.operation,
        entry.at,
        entry.analyst_id,
        entry.document_id,
        entry.status,
        entry.took_ms,
    )
    query = (
        select(*columns)
        .join(change, change.set_id == entry.id)
        .where(change.entity == "span", change.row_id == span_id)
        .order_by(entry.id)
    )
    with project.reading() as connection:
        return [ChangeSetRecord(*row) for row in connection.execute(query)]


def acceptance(project: Project) -> dict[LabelKind, tuple[int, int]]:
    """Return for each kind of label how many suggestions were confirmed and how many decided.

    O(decided suggestions), 1 ms a thousand: not for the window's thread.
    """
    # Counted before documents are joined, all of which SQLite would begin with otherwise.
    judged = (
        select(
            _SPAN.label_id,
            _SPAN.document_id,
            func.count().filter(_SPAN.state == State.CONFIRMED.value).label("confirmed"),
            func.count().label("total"),
        )
        .where(sql(t.JUDGED))
        .group_by(_SPAN.label_id, _SPAN.document_id)
        .subquery()
    )
    query = (
        select(t.Label.kind, func.sum(judged.c.confirmed), func.sum(judged.c.total))
        .select_from(judged)
        .join(t.Label, t.Label.id == judged.c.label_id)
        .join(t.Document, _DOCUMENT.id == judged.c.document_id)
        .where(is_listed())
        .group_by(t.Label.kind)
    )
    with project.reading() as connection:
        return {LabelKind(kind): (confirmed, total) for kind, confirmed, total in connection.execute(query)}
