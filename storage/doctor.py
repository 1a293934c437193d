"""Checking a project: the file, its texts, what stands in them, and whether the change log makes what there is.

Each check reads one consistent state; work may go on meanwhile.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from time import monotonic

from sqlalchemy import select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from storage import tables as t
from storage.counts import PROGRESS_COUNTED
from storage.entities import ENTITIES, fold
from storage.errors import EnvironmentProblem, InvalidEditError
from storage.findings import Finding, Repair
from storage.project import Project
from storage.queries import read_content
from storage.records import DocumentContent
from storage.replay import replay_findings
from storage.stretches import check_stretches
from storage.text import check_fragments, quote_of, sha256_of

#: What the check is at, for a bar: what, how many are done, of how many.
Progress = Callable[[str, int, int], None]

#: Files up to this size are read as a whole by the quick check: about 0.1 s.
_QUICK_BYTES = 20 << 20
#: What SQLite says of an index that disagrees with its table, whose rows are sound.
_INDEX_WORDS = ("missing from index", "wrong # of entries in index", "non-unique entry in index")


def check(project: Project, progress: Callable[[int, int], None] = lambda _done, _total: None) -> list[str]:
    """Return every problem found, one sentence each; an empty list means that the project is sound."""
    return [finding.sentence for finding in examine(project, lambda _what, done, total: progress(done, total))]


def examine(project: Project, progress: Progress = lambda _what, _done, _total: None) -> list[Finding]:
    """Return every problem found, with what can be done about it.

    Checks the pages of the file, foreign keys, each text against its hash, each span against its quote and the rules
    of fragments, reviewed and other stretches, the ends of links, the registry, the index of words, what is counted
    along, and that the change log, written anew, makes exactly these rows. What stands in damaged pages is not looked
    at.
    """
    try:
        progress("reading the file", 0, 0)
        found = list(_page_findings(project))
        if not any(finding.repair is None for finding in found):
            found += _reference_findings(project)
            found += _document_findings(project, progress)
            found += _row_findings(project)
            found += replay_findings(project, lambda done, total: progress("following the change log", done, total))
    except EnvironmentProblem as problem:  # so damaged that it cannot even be checked
        return [Finding(str(problem))]
    return found


def quick_check(project: Project, seconds: float = 1.0, *, seed: int | None = None) -> list[Finding]:
    """Return what a look of about a second finds: the pages of a smaller file, texts and spans of some documents.

    Which documents is left to chance, so that all have their turn over the weeks.
    """
    end = monotonic() + seconds
    try:
        found = list(_page_findings(project)) if project.path.stat().st_size <= _QUICK_BYTES else []
        with project.reading() as connection:
            ids = list(connection.execute(select(t.Document.id)).scalars())
        random.Random(seed).shuffle(ids)  # noqa: S311  (a sample, no secret)
        for document_id in ids:
            if monotonic() > end or found:
                break
            with project.reading() as connection:
                found += _findings_in(connection, document_id)
    except (EnvironmentProblem, OSError) as problem:
        return [Finding(str(problem))]
    return found


def _page_findings(project: Project) -> Iterator[Finding]:
    with project.reading() as connection:
        for (message,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if message != "ok":
                is_index = any(words in message for words in _INDEX_WORDS)
                yield Finding(f"The file is damaged: {message}.", Repair.FILE_INDEX if is_index else None)


def _reference_findings(project: Project) -> Iterator[Finding]:
    with project.reading() as connection:
        for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            sentence = f"A row of “{table}” ({row_id}) points to nothing in “{parent}”."
            is_link = table == "link" and parent == "span"
            repair = Repair.DROP_LINK if is_link else Repair.FROM_LOG if table in ENTITIES else None
            yield Finding(sentence, repair, table, row_id or 0)


def _document_findings(project: Project, progress: Progress) -> Iterator[Finding]:
    with project.reading() as connection:
        documents = connection.execute(select(t.Document.id).order_by(t.Document.id)).scalars().all()
    for number, document_id in enumerate(documents):
        progress("reading the documents", number, len(documents))
        with project.reading() as connection:
            yield from _findings_in(connection, document_id)
    progress("reading the documents", len(documents), len(documents))


def _findings_in(connection: Connection, document_id: int) -> Iterator[Finding]:
    try:
        content = read_content(connection, document_id)
        dict(content.document.meta)
    except EnvironmentProblem as problem:
        is_there = connection.execute(select(t.Document.id).where(t.Document.id == document_id)).first() is not None
        if is_there:  # else it was removed since the list was read: a staged import given up
            yield Finding(str(problem), Repair.FROM_BACKUP, "document", document_id)
        return
    if sha256_of(content.text) != content.document.sha256:
        sentence = f"The text of “{content.document.title}” is not what was imported."
        yield Finding(sentence, Repair.FROM_BACKUP, "document", document_id)
        return
    yield from _span_findings(content)
    yield from _stretch_findings(content)
    if _is_missing_in_index(connection, document_id, content.text):
        yield Finding(f"The index of words lacks words of “{content.document.title}”.", Repair.WORD_INDEX)


def _span_findings(content: DocumentContent) -> Iterator[Finding]:
    title = content.document.title
    for span in content.spans:
        what = f"In “{title}” the span “{span.quote[:60]}” ({span.id})"
        if span.quote != quote_of(content.text, span.fragments):
            where = ", ".join(f"{start}-{end}" for start, end in span.fragments) or "nowhere"
            yield Finding(f"{what} does not stand where it says ({where}).", Repair.REANCHOR, "span", span.id)
            continue
        try:
            check_fragments(content.text, span.fragments)
        except InvalidEditError as error:
            yield Finding(f"{what} cannot stand there: {error}.", Repair.REANCHOR, "span", span.id)


def _stretch_findings(content: DocumentContent) -> Iterator[Finding]:
    title, length_cp = content.document.title, len(content.text)
    if length_cp != content.document.length_cp:
        sentence = f"“{title}” has {length_cp:,} characters, not {content.document.length_cp:,} as the list says."
        yield Finding(sentence, Repair.LENGTH, "document", content.document.id)
    last_cp = -1
    for stretch in content.reviewed:
        if stretch.start_cp <= last_cp or stretch.end_cp > length_cp:
            sentence = (
                f"In “{title}” the reviewed stretch {stretch.start_cp}-{stretch.end_cp} overlaps or leaves the text."
            )
            yield Finding(sentence, Repair.REVIEWED, "document", content.document.id)
        last_cp = stretch.end_cp
    try:
        check_stretches(length_cp, [(s.kind, s.start_cp, s.end_cp) for s in content.stretches])
    except InvalidEditError as error:
        yield Finding(f"In “{title}” {error}.")


def _is_missing_in_index(connection: Connection, document_id: int, content: str) -> bool:
    """Whether the index of words, which claims to hold a document, does not find it by one of its words."""
    from storage.search_words import spaced  # noqa: PLC0415  (imports a library that opening a project does without)

    indexed = t.IndexedDocument.document_id
    if connection.execute(select(indexed).where(indexed == document_id)).first() is None:
        return False  # it follows; a search reads the text meanwhile
    words = [word for word in spaced(content[:2_000]).split() if word.isalnum()]
    if not words:
        return False
    try:
        query = text("SELECT rowid FROM document_fts WHERE document_fts MATCH :word AND rowid = :id")
        word = max(words, key=len)
        return connection.execute(query, {"word": f'"{word}"', "id": document_id}).first() is None
    except DBAPIError:
        return True


def _row_findings(project: Project) -> Iterator[Finding]:
    """Yield what no constraint of the database can see, by statements over whole tables."""
    with project.reading() as connection:
        for statement, sentence, repair, entity in _RULES:
            for row in connection.exec_driver_sql(statement):
                yield Finding(sentence.format(*row), repair, entity, row[0])
        alias = t.ActorAlias.__table__.c
        for actor_id, name, folded in connection.execute(select(alias.actor_id, alias.alias, alias.folded)):
            if fold(name) != folded:
                yield Finding(f"The actor {actor_id} is not found under its name “{name}”.", Repair.ALIASES)


#: Each statement finds the rows that break a rule, their ids first; the sentence says so of one.
_RULES = (
    (
        "SELECT link.id FROM link JOIN span s ON s.id = from_id JOIN span e ON e.id = to_id "
        "WHERE s.document_id <> link.document_id OR e.document_id <> link.document_id",
        "The link {} joins spans of two documents.",
        Repair.DROP_LINK,
        "link",
    ),
    (
        "SELECT link.id, link_type.code FROM link JOIN link_type ON link_type.id = type_id "
        "JOIN span s ON s.id = from_id JOIN label sl ON sl.id = s.label_id "
        "JOIN span e ON e.id = to_id JOIN label el ON el.id = e.label_id "
        "WHERE sl.kind <> from_kind OR el.kind <> to_kind",
        "The link {} of type “{}” joins spans of the wrong kinds.",
        Repair.DROP_LINK,
        "link",
    ),
    (
        "SELECT span.id FROM span JOIN label ON label.id = label_id WHERE actor_id IS NOT NULL AND kind <> 'actor'",
        "The span {} points to an actor but is no mention.",
        Repair.LET_GO,
        "span",
    ),
    (
        "SELECT span.id FROM span LEFT JOIN (SELECT span_id, min(start_cp) AS first, max(end_cp) AS last FROM fragment "
        "GROUP BY span_id) ON span_id = span.id WHERE first IS NOT start_cp OR last IS NOT end_cp",
        "The span {} does not begin and end where its fragments do.",
        Repair.ENVELOPE,
        "span",
    ),
    (
        f"SELECT * FROM ({PROGRESS_COUNTED} EXCEPT "  # noqa: S608
        "SELECT document_id, undecided, decided, reviewed_cp FROM document_progress)",
        "The progress of document {} was miscounted.",
        Repair.RECOUNT,
        "document",
    ),
)
