"""What is done to documents as wholes; their texts never change."""

from __future__ import annotations

from storage.entities import DOCUMENT
from storage.errors import InvalidEditError
from storage.operations.shared import length_of
from storage.project import Project
from storage.records import Changes

_EDITABLE = frozenset({"title", "source", "date", "language"})


def remove_document(project: Project, document_id: int) -> Changes:
    """Take a document out of the project's lists, exports and counts. Nothing of it is lost."""
    with project.change("remove document", document_id=document_id) as scope:
        length_of(scope, document_id)  # raises if it is not listed
        scope.journal.update(DOCUMENT, document_id, {"removed_at": scope.at})
    return scope.changes


def describe_document(project: Project, document_id: int, /, **values: str | None) -> Changes:
    """Set title, source, date or language of a document; only the date may be `None`, and no title blank."""
    unknown = values.keys() - _EDITABLE
    if unknown:
        raise InvalidEditError(f"not fields of a document that change: {', '.join(sorted(unknown))}")
    if any(value is None and name != "date" for name, value in values.items()):
        raise InvalidEditError("only the date of a document may be unknown")
    title = values.get("title")
    if title is not None and not title.strip():
        raise InvalidEditError("a document has a title")
    with project.change("describe document", document_id=document_id) as scope:
        scope.journal.update(DOCUMENT, document_id, dict(values))
    return scope.changes
