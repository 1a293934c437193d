"""What is done to documents as wholes; their texts never change."""

from __future__ import annotations

from storage.entities import DOCUMENT
from storage.errors import InvalidEditError
from storage.project import Project
from storage.records import Changes

_EDITABLE = frozenset({"title", "source", "date", "language"})


def remove_document(project: Project, document_id: int) -> Changes:
    """Take a document out of the project's lists, exports and counts. Nothing of it is lost."""
    with project.change("remove document", document_id=document_id) as scope:
        scope.journal.update(DOCUMENT, document_id, {"removed_at": scope.at})
    return scope.changes


def describe_document(project: Project, document_id: int, **values: str | None) -> Changes:
    """Set title, source, date or language of a document."""
    unknown = values.keys() - _EDITABLE
    if unknown:
        raise InvalidEditError(f"not fields of a document that change: {', '.join(sorted(unknown))}")
    with project.change("describe document", document_id=document_id) as scope:
        scope.journal.update(DOCUMENT, document_id, dict(values))
    return scope.changes
