"""Checking a project: the file, its texts, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from storage import tables as t
from storage.errors import EnvironmentProblem, InvalidEditError
from storage.project import Project
from storage.queries import document_content, is_listed
from storage.stretches import check_stretches
from storage.text import check_fragments


def check(project: Project, progress: Callable[[int, int], None] = lambda _done, _total: None) -> list[str]:
    """Return every problem found, one sentence each; an empty list means that the project is sound.

    Checks the pages of the file, foreign keys, each text against its hash, each span against its quote and the rules
    of fragments, reviewed and other stretches, the ends of links, and what is counted along.
    """
    try:
        problems = list(_file_problems(project))
    except EnvironmentProblem as problem:  # so damaged that it cannot even be checked
        problems = [str(problem)]
    if problems:
        return problems
    with project.reading() as connection:
        documents = connection.execute(select(t.Document.id).order_by(t.Document.id)).scalars().all()
    for number, document_id in enumerate(documents):
        progress(number, len(documents))
        problems += _document_problems(project, document_id)
    progress(len(documents), len(documents))
    return problems + list(_row_problems(project))


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
        dict(content.document.meta)
    except EnvironmentProblem as problem:
        yield str(problem)
        return
    title, length_cp = content.document.title, len(content.text)
    if length_cp != content.document.length_cp:
        yield f"“{title}” has {length_cp:,} characters, not {content.document.length_cp:,} as the list says."
    for span in content.spans:
        try:
            check_fragments(content.text, span.fragments)
        except InvalidEditError as error:
            yield f"In “{title}” the span “{span.quote[:60]}” ({span.id}) cannot stand there: {error}."
    last_cp = -1
    for stretch in content.reviewed:
        if stretch.start_cp <= last_cp or stretch.end_cp > length_cp:
            yield f"In “{title}” the reviewed stretch {stretch.start_cp}-{stretch.end_cp} overlaps or leaves the text."
        last_cp = stretch.end_cp
    try:
        check_stretches(length_cp, [(s.kind, s.start_cp, s.end_cp) for s in content.stretches])
    except InvalidEditError as error:
        yield f"In “{title}” {error}."


def _row_problems(project: Project) -> Iterator[str]:
    """Yield what no constraint of the database can see, by statements over whole tables."""
    with project.reading() as connection:
        for statement, sentence in _RULES:
            for row in connection.exec_driver_sql(statement):
                yield sentence.format(*row)


#: Each statement finds the rows that break a rule; the sentence says so of one.
_RULES = (
    (
        "SELECT link.id FROM link JOIN span s ON s.id = from_id JOIN span e ON e.id = to_id "
        "WHERE s.document_id <> link.document_id OR e.document_id <> link.document_id",
        "The link {} joins spans of two documents.",
    ),
    (
        "SELECT link.id, link_type.code FROM link JOIN link_type ON link_type.id = type_id "
        "JOIN span s ON s.id = from_id JOIN label sl ON sl.id = s.label_id "
        "JOIN span e ON e.id = to_id JOIN label el ON el.id = e.label_id "
        "WHERE sl.kind <> from_kind OR el.kind <> to_kind",
        "The link {} of type “{}” joins spans of the wrong kinds.",
    ),
    (
        "SELECT span.id FROM span JOIN label ON label.id = label_id WHERE actor_id IS NOT NULL AND kind <> 'actor'",
        "The span {} points to an actor but is no mention.",
    ),
    (
        "SELECT span.id FROM span LEFT JOIN (SELECT span_id, min(start_cp) AS first, max(end_cp) AS last FROM fragment "
        "GROUP BY span_id) ON span_id = span.id WHERE first IS NOT start_cp OR last IS NOT end_cp",
        "The span {} does not begin and end where its fragments do.",
    ),
    (
        "SELECT document.id FROM document LEFT JOIN document_progress p ON p.document_id = document.id "
        "LEFT JOIN (SELECT document_id, sum(state <> 'suggested') AS decided, "
        "sum(state = 'suggested' AND NOT coalesce(score < least_score, 0)) AS undecided FROM span "
        "LEFT JOIN label_setting USING (label_id) GROUP BY document_id) s ON s.document_id = document.id "
        "LEFT JOIN (SELECT document_id, sum(end_cp - start_cp) AS reviewed FROM reviewed GROUP BY document_id) r "
        "ON r.document_id = document.id "
        "WHERE p.undecided IS NOT coalesce(s.undecided, 0) OR p.decided IS NOT coalesce(s.decided, 0) "
        "OR p.reviewed_cp IS NOT coalesce(r.reviewed, 0)",
        "The progress of document {} was miscounted.",
    ),
)
