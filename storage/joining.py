"""Labels for texts that the project has already: added to their documents, and nothing that stands there is touched.

What a person decided outranks what a file says, so a span that stands there already, in whatever state, stays as it is;
only an undecided suggestion takes the decision of a file's equal span.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import select

from storage import tables as t
from storage.entities import LINK, SPAN
from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.names import Names
from storage.project import ChangeScope
from storage.records import LabelKind, State
from storage.staging import Writer, check_links
from storage.standing import Place, Standing, closed_test, standing_spans
from storage.text import check_fragments


@dataclass(slots=True)
class Joined:
    """What came to documents that were there; `closed` counts suggestions where people allow none."""

    documents: int = 0
    spans: int = 0
    links: int = 0
    equal: int = 0
    closed: int = 0


@dataclass(slots=True)
class Joiner:
    """Collects labelled documents whose texts are there, and adds their labels in one transaction.

    Memory holds the labels of all of them, but not their texts.
    """

    _waiting: list[tuple[int, ExchangeDocument]] = field(default_factory=list)

    def take(self, document_id: int, document: ExchangeDocument) -> None:
        """Check the labels of a document against its text, and keep them for `write`.

        Raises:
            InvalidEditError: a span or a link breaks a rule.
        """
        for span in document.spans:
            check_fragments(document.text, span.fragments)
        check_links(document)
        self._waiting.append((document_id, replace(document, text="", meta={})))

    def drop_after(self, count: int) -> None:
        """Forget all but the first `count` documents: the file that the others came from was refused."""
        del self._waiting[count:]

    def __len__(self) -> int:
        return len(self._waiting)

    def write(self, scope: ChangeScope, names: Names) -> Joined:
        """Add the labels of all documents taken."""
        joined = Joined()
        for document_id, document in self._waiting:
            names.read_as(document.project)
            before = joined.spans + joined.links
            _Document(scope, names, document_id, document, joined).write()
            joined.documents += joined.spans + joined.links > before
        return joined


class _Document:
    """Adds the labels of one document."""

    def __init__(
        self, scope: ChangeScope, names: Names, document_id: int, document: ExchangeDocument, joined: Joined
    ) -> None:
        self._scope, self._names, self._joined = scope, names, joined
        self._id, self._document = document_id, document
        self._text = scope.connection.execute(
            select(t.DocumentText.text).where(t.DocumentText.document_id == document_id)
        ).scalar_one()
        self._is_closed = closed_test(scope.connection, document_id)
        self._writer = Writer(scope, names, 0, are_ids_kept=False)
        self._there: dict[tuple[Place, int], Standing] = {}
        # Several events of brat make as many claims of one content: equal spans are one where links are compared.
        self._first: dict[int, int] = {}
        for standing in standing_spans(scope.connection, document_id):
            first = self._there.setdefault((standing.place, standing.label_id), standing)
            self._first[standing.id] = first.id

    def write(self) -> None:
        """Add what is not there."""
        local: dict[str, int] = {}
        kinds = {span.id: span.kind for span in self._document.spans}
        left_out: set[str] = set()
        new: list[ExchangeSpan] = []
        for span in self._document.spans:
            key = tuple((start, end) for start, end in span.fragments), self._names.label(span.kind, span.label)
            standing = self._there.get(key)
            if standing is None:
                if span.state == State.SUGGESTED and self._is_closed(key[0]):
                    left_out.add(span.id)
                    self._joined.closed += 1
                else:
                    new.append(span)
                continue
            self._joined.equal += 1
            local[span.id] = standing.id
            if standing.state == State.REJECTED:
                left_out.add(span.id)
            elif standing.state == State.SUGGESTED and span.state != State.SUGGESTED:
                self._decide(standing.id, span)
        first = self._scope.journal.reserve(SPAN, len(new))
        local |= {span.id: row_id for row_id, span in enumerate(new, first)}
        document = replace(self._document, text=self._text, spans=tuple(new))
        rows = list(self._writer.span_rows(document, range(first, first + len(new)), self._id))
        self._scope.journal.insert_rows(SPAN, rows)
        self._joined.spans += len(rows)
        self._write_links(local, kinds, left_out)

    def _decide(self, span_id: int, span: ExchangeSpan) -> None:
        analyst_id, decided_at = self._writer.decision(span)
        values = {"state": span.state.value, "analyst_id": analyst_id, "decided_at": decided_at}
        self._scope.journal.update(SPAN, span_id, values)
        self._joined.spans += 1

    def _write_links(self, local: dict[str, int], kinds: dict[str, LabelKind], left_out: set[str]) -> None:
        link = t.Link
        query = select(link.from_id, link.to_id, link.type_id).where(link.document_id == self._id)
        there = {
            (self._first.get(from_id, from_id), self._first.get(to_id, to_id), type_id)
            for from_id, to_id, type_id in self._scope.connection.execute(query).all()
        }
        wanted = []
        for found in self._document.links:
            if {found.from_id, found.to_id} & left_out:
                continue
            type_id = self._names.link_type(found.type, kinds[found.from_id], kinds[found.to_id])
            key = local[found.from_id], local[found.to_id], type_id
            if key not in there and key[0] != key[1]:
                there.add(key)
                wanted.append(found)
        first = self._scope.journal.reserve(LINK, len(wanted))
        rows = [self._writer.link_row(found, first + n, self._id, local, kinds) for n, found in enumerate(wanted)]
        self._scope.journal.insert_rows(LINK, rows)
        self._joined.links += len(rows)
