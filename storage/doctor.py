"""Checking a project: the file, its texts, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from storage import tables as t
from storage.errors import EnvironmentProblem
from storage.project import Project
from storage.queries import document_content, is_listed


def check(project: Project, progress: Callable[[int, int], None] = lambda _done, _total: None) -> list[str]:
    """Return every problem found, one sentence each; an empty list means that the project is sound.

    Checks the pages of the file, foreign keys, each text against its hash, each span against its quote and the
    length of its text, and links across documents.
    """
    problems = list(_file_problems(project))
    if problems:
        return problems
    with project.reading() as connection:
        documents = connection.execute(select(t.Document.id).order_by(t.Document.id)).scalars().all()
    for number, document_id in enumerate(documents):
        progress(number, len(documents))
        problems += _document_problems(project, document_id)
    progress(len(documents), len(documents))
    return problems + list(_link_problems(project))


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
        links, actors, entries = (
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (t.Link.__table__, t.Actor.__table__, t.ChangeSet.__table__)
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


def _file_problems(project: Project) -> Iterator[str]:
    with project.reading() as connection:
        for (message,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if message != "ok":
                yield f"The file is damaged: {message}."
        for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"A row of “{table}” ({row_id}) points to nothing in “{parent}”."


def _document_problems(project: Project, document_id: int) -> Iterator[str]:
    try:
        content = document_content(project, document_id)
    except EnvironmentProblem as problem:
        yield str(problem)
        return
    for span in content.spans:
        if not span.fragments or span.end_cp > len(content.text):
            yield f"In “{content.document.title}” the span “{span.quote[:60]}” ({span.id}) lies outside the text."


def _link_problems(project: Project) -> Iterator[str]:
    link, start, end = t.Link.__table__, t.Span.__table__.alias(), t.Span.__table__.alias()
    query = (
        select(link.c.id)
        .join(start, start.c.id == link.c.from_id)
        .join(end, end.c.id == link.c.to_id)
        .where((start.c.document_id != link.c.document_id) | (end.c.document_id != link.c.document_id))
    )
    with project.reading() as connection:
        for link_id in connection.execute(query).scalars():
            yield f"The link {link_id} joins spans of two documents."
