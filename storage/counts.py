"""The counts that describe a project."""

from __future__ import annotations

from sqlalchemy import func, select

from storage import tables as t
from storage.project import Project
from storage.queries import is_listed

#: The progress of each document, counted anew; in the columns' order of its table.
PROGRESS_COUNTED = (
    "SELECT document.id, coalesce(undecided, 0), coalesce(decided, 0), coalesce(reviewed, 0) FROM document "
    "LEFT JOIN (SELECT document_id, sum(state <> 'suggested') AS decided, "
    "sum(state = 'suggested' AND NOT coalesce(score < least_score, 0)) AS undecided FROM span "
    "LEFT JOIN label_setting USING (label_id) GROUP BY document_id) s ON s.document_id = document.id "
    "LEFT JOIN (SELECT document_id, sum(end_cp - start_cp) AS reviewed FROM reviewed GROUP BY document_id) r "
    "ON r.document_id = document.id"
)


def statistics(project: Project) -> dict[str, object]:
    """Return the counts that describe a project."""
    with project.reading() as connection:
        documents, length = connection.execute(
            select(func.count(), func.coalesce(func.sum(t.Document.length_cp), 0)).where(is_listed())
        ).one()
        listed = select(t.Document.id).where(is_listed())
        states = connection.execute(
            select(t.Label.name, t.Span.state, func.count())
            .join(t.Label, t.Label.id == t.Span.label_id)
            .where(t.Span.document_id.in_(listed))
            .group_by(t.Label.id, t.Span.state)
            .order_by(t.Label.position, t.Span.state)
        ).all()
        links = connection.execute(
            select(func.count()).select_from(t.Link).where(t.Link.document_id.in_(listed))
        ).scalar_one()
        actors, entries = (
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (t.Actor, t.ChangeSet)
        )
    spans: dict[str, dict[str, int]] = {}
    for label, state, count in states:
        spans.setdefault(label, {})[state] = count
    return {
        "project": project.name,
        "documents": documents,
        "characters": length,
        "spans": spans,
        "links": links,
        "actors": actors,
        "changes": entries,
    }
