"""Writing documents of files as rows: names become ids, everything goes out in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, insert, select

from storage import tables as t
from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.journal import ACTOR, BATCH, DOCUMENT, FIELD, LABEL, LINK, LINK_TYPE, REVIEWED, SPAN, Entity, Image, fold
from storage.project import ChangeScope, analyst_named
from storage.records import FieldType, LabelKind, Origin, State
from storage.suggesting import run_for
from storage.text import check_fragments, quote_of, sha256_of

#: Colours for labels that a file brings along, in turn.
_COLOURS = ("green", "rose", "brown", "blue", "teal", "violet", "orange", "yellow")


class Names:
    """The ids of labels, link types, fields, actors, analysts and runs by the names that files use.

    What a file names and the project does not have is added; `forget_unused` takes that back after a refusal.
    """

    def __init__(self) -> None:
        self._scope: ChangeScope | None = None
        self._ids: dict[tuple[str, ...], int] = {}
        self._added: list[tuple[Entity, int, tuple[str, ...]]] = []

    def use(self, scope: ChangeScope) -> None:
        """Work within this transaction from now on."""
        if self._scope is None:
            self._load(scope)
        self._scope = scope

    def label(self, kind: LabelKind, name: str) -> int:
        """Return the label of this kind and name, added if the codebook lacks it."""
        key = ("label", kind.value, fold(name))
        if key not in self._ids:
            position = self._count(LABEL)
            colour = "grey" if kind == LabelKind.CUE else _COLOURS[position % len(_COLOURS)]
            image: Image = {"kind": kind.value, "name": name, "code": None, "colour": colour, "key": None}
            self._add(LABEL, key, image | {"definition": "", "examples": "", "position": position})
        return self._ids[key]

    def link_type(self, code: str, from_kind: LabelKind, to_kind: LabelKind) -> int:
        """Return the link type of this code, added for these kinds of ends if the codebook lacks it."""
        key = ("link_type", code)
        if key not in self._ids:
            kinds = {"from_kind": from_kind.value, "to_kind": to_kind.value}
            self._add(LINK_TYPE, key, {"code": code, "name": code.capitalize(), "definition": ""} | kinds)
        return self._ids[key]

    def field(self, kind: LabelKind, name: str) -> int:
        """Return the field of this kind of span and name, added as free text if the codebook lacks it."""
        key = ("field", kind.value, fold(name))
        if key not in self._ids:
            image: Image = {"name": name, "kind": kind.value, "type": FieldType.TEXT.value, "choices": []}
            self._add(FIELD, key, image | {"definition": "", "position": self._count(FIELD)})
        return self._ids[key]

    def actor(self, name: str, label_id: int) -> int:
        """Return the actor of this name, added with this type if the registry lacks it."""
        key = ("actor", fold(name))
        if key not in self._ids:
            self._add(ACTOR, key, {"name": name, "label_id": label_id, "notes": "", "aliases": []})
        return self._ids[key]

    def analyst(self, name: str | None) -> int:
        """Return the analyst of this name; the one at work where the file names none."""
        scope = self._open_scope()
        if not name:
            return scope.analyst_id
        key = ("analyst", name)
        if key not in self._ids:
            self._ids[key] = analyst_named(scope.connection, name)
        return self._ids[key]

    def run(self, suggester: str | None) -> int:
        """Return the run for suggestions that a file brings along; their version is not known."""
        key = ("run", suggester or "import")
        if key not in self._ids:
            self._ids[key] = run_for(self._open_scope(), key[1], "", "")
        return self._ids[key]

    def forget_unused(self) -> None:
        """Remove what was added for a refused file and is used by no other."""
        scope = self._open_scope()
        span, link, value = t.Span.__table__.c, t.Link.__table__.c, t.SpanField.__table__.c
        users = {LABEL: span.label_id, LINK_TYPE: link.type_id, FIELD: value.field_id, ACTOR: span.actor_id}
        kept = []
        for entity, row_id, key in reversed(self._added):
            used = scope.connection.execute(select(users[entity]).where(users[entity] == row_id).limit(1)).first()
            if used is None and not (entity is LABEL and self._types_actor(scope, row_id)):
                scope.journal.delete(entity, row_id)
                del self._ids[key]
            else:
                kept.append((entity, row_id, key))
        self._added = kept[::-1]

    def _types_actor(self, scope: ChangeScope, label_id: int) -> bool:
        return scope.connection.execute(select(t.Actor.id).where(t.Actor.label_id == label_id)).first() is not None

    def _load(self, scope: ChangeScope) -> None:
        run = scope.connection.execute
        for row_id, kind, name in run(select(t.Label.id, t.Label.kind, t.Label.name)):
            self._ids["label", kind, fold(name)] = row_id
        for row_id, code in run(select(t.LinkType.id, t.LinkType.code)):
            self._ids["link_type", code] = row_id
        for row_id, kind, name in run(select(t.Field.id, t.Field.kind, t.Field.name)):
            self._ids["field", kind, fold(name)] = row_id
        for row_id, name in run(select(t.Actor.id, t.Actor.name).order_by(t.Actor.id.desc())):
            self._ids["actor", fold(name)] = row_id

    def _open_scope(self) -> ChangeScope:
        assert self._scope is not None  # noqa: S101  (`use` comes first)
        return self._scope

    def _count(self, entity: Entity) -> int:
        return int(self._open_scope().connection.execute(select(func.count()).select_from(entity.table)).scalar_one())

    def _add(self, entity: Entity, key: tuple[str, ...], image: Image) -> None:
        self._ids[key] = self._open_scope().journal.insert(entity, image)
        self._added.append((entity, self._ids[key], key))


class Writer:
    """Collects the rows of some documents and writes them in bulk within one transaction."""

    def __init__(self, scope: ChangeScope, names: Names, batch_id: int, *, are_ids_kept: bool) -> None:
        self._scope = scope
        self._names = names
        self._batch_id = batch_id
        self._are_ids_kept = are_ids_kept
        self._documents: list[tuple[ExchangeDocument, int]] = []

    def add(self, document: ExchangeDocument, position: int) -> None:
        """Take a document for the next `write`."""
        self._documents.append((document, position))

    def write(self) -> list[int]:
        """Write the documents and return their ids.

        Raises:
            RefusedInputError: a span or link breaks a rule; the transaction is to be rolled back.
        """
        ids = self._ids(DOCUMENT, [document.id for document, _ in self._documents])
        spans = [span.id for document, _ in self._documents for span in document.spans]
        links = [link.id for document, _ in self._documents for link in document.links]
        span_ids, link_ids = iter(self._ids(SPAN, spans)), iter(self._ids(LINK, links))
        journal = self._scope.journal
        pairs = list(zip(self._documents, ids, strict=True))
        journal.insert_many(DOCUMENT, [self._document_image(document, at, row_id) for (document, at), row_id in pairs])
        texts = [{"document_id": row_id, "text": document.text} for (document, _), row_id in pairs]
        if texts:
            self._scope.connection.execute(insert(t.DocumentText), texts)
        span_images: list[Image] = []
        link_images: list[Image] = []
        reviewed: list[Image] = []
        for (document, _), row_id in pairs:
            local = {span.id: next(span_ids) for span in document.spans}
            span_images += [self._span_image(document, span, local[span.id], row_id) for span in document.spans]
            kinds = {span.id: span.kind for span in document.spans}
            link_images += [
                self._link_image(document, link, next(link_ids), row_id, local, kinds) for link in document.links
            ]
            reviewed += self._reviewed_images(document, row_id)
        journal.insert_many(SPAN, span_images)
        journal.insert_many(LINK, link_images)
        first = journal.reserve(REVIEWED, len(reviewed)) if reviewed else 0
        journal.insert_many(REVIEWED, [image | {"id": first + n} for n, image in enumerate(reviewed)])
        return ids

    def _ids(self, entity: Entity, wanted: Sequence[str | None]) -> list[int]:
        """Return an id for each row: the file's own where they are kept and free, new ones otherwise."""
        kept: set[int] = set()
        if self._are_ids_kept:
            numbers = {int(w) for w in wanted if w is not None and w.isascii() and w.isdecimal() and 0 < len(w) < 16}
            kept = numbers - {0} - _taken(self._scope, entity, numbers)
        ids: list[int | None] = []
        for text in wanted:
            number = int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 16 else 0
            ids.append(number if number in kept else None)
            kept.discard(number)
        if any(ids):
            self._raise_counter(entity, max(number for number in ids if number))
        missing = ids.count(None)
        fresh = iter(range(first := self._scope.journal.reserve(entity, missing), first + missing)) if missing else None
        return [number if number is not None else next(fresh) for number in ids]  # type: ignore[arg-type]

    def _raise_counter(self, entity: Entity, number: int) -> None:
        last = self._scope.journal.reserve(entity, 0) - 1
        self._scope.journal.reserve(entity, max(0, number - last))

    def _document_image(self, document: ExchangeDocument, position: int, row_id: int) -> Image:
        return {
            "id": row_id,
            "batch_id": self._batch_id,
            "title": document.title,
            "source": document.source,
            "date": document.date,
            "language": document.language,
            "encoding": document.encoding,
            "length_cp": len(document.text),
            "sha256": sha256_of(document.text),
            "meta": dict(document.meta),
            "imported_at": self._scope.at,
            "removed_at": None,
            "position": position,
        }

    def _span_image(self, document: ExchangeDocument, span: ExchangeSpan, row_id: int, document_id: int) -> Image:
        check_fragments(document.text, span.fragments)
        label_id = self._names.label(span.kind, span.label)
        return {
            "id": row_id,
            "document_id": document_id,
            "label_id": label_id,
            "origin": span.origin.value,
            "start_cp": span.fragments[0].start_cp,
            "end_cp": span.fragments[-1].end_cp,
            "quote": quote_of(document.text, span.fragments),
            "score": span.score,
            "run_id": self._run(span),
            "reason": span.reason,
            "actor_id": self._names.actor(span.actor, label_id) if span.actor else None,
            "note": span.note,
            "is_flagged": span.is_flagged,
            "created_at": self._scope.at,
            "fragments": [list(fragment) for fragment in span.fragments],
            "fields": {str(self._names.field(span.kind, name)): value for name, value in span.fields.items()},
        } | self._decision(span)

    def _link_image(
        self,
        document: ExchangeDocument,
        link: ExchangeLink,
        row_id: int,
        document_id: int,
        local: dict[str, int],
        kinds: dict[str, LabelKind],
    ) -> Image:
        if link.from_id not in local or link.to_id not in local:
            raise RefusedInputError(f"{document.where}: the link “{link.id}” points to a span that is not there.")
        return {
            "id": row_id,
            "document_id": document_id,
            "type_id": self._names.link_type(link.type, kinds[link.from_id], kinds[link.to_id]),
            "from_id": local[link.from_id],
            "to_id": local[link.to_id],
            "origin": link.origin.value,
            "score": link.score,
            "run_id": self._run(link),
        } | self._decision(link)

    def _run(self, item: ExchangeSpan | ExchangeLink) -> int | None:
        is_proposed = item.suggester is not None or item.origin == Origin.SUGGESTER
        return self._names.run(item.suggester) if is_proposed else None

    def _decision(self, item: ExchangeSpan | ExchangeLink) -> Image:
        if item.state == State.SUGGESTED:
            return {"state": item.state.value, "analyst_id": None, "decided_at": None}
        return {
            "state": item.state.value,
            "analyst_id": self._names.analyst(item.analyst),
            "decided_at": item.decided_at or self._scope.at,
        }

    def _reviewed_images(self, document: ExchangeDocument, document_id: int) -> list[Image]:
        return [
            {
                "document_id": document_id,
                "start_cp": start,
                "end_cp": end,
                "analyst_id": self._scope.analyst_id,
                "at": self._scope.at,
            }
            for start, end in document.reviewed
        ]


def remove_staged(scope: ChangeScope, batch_id: int | None = None) -> None:
    """Remove the documents of an import that was never published: of this one, or of any that a crash left."""
    batch, document = t.ImportBatch.__table__.c, t.Document.__table__.c
    staged = select(batch.id).where(batch.state == "staged")
    if batch_id is not None:
        staged = staged.where(batch.id == batch_id)
    for row_id in scope.connection.execute(staged).scalars().all():
        ids = scope.connection.execute(select(document.id).where(document.batch_id == row_id)).scalars().all()
        scope.journal.delete_many(DOCUMENT, list(ids))
        scope.journal.delete(BATCH, row_id)


def _taken(scope: ChangeScope, entity: Entity, numbers: Iterable[int]) -> set[int]:
    ordered = sorted(numbers)
    column: Any = entity.table.c.id
    taken: set[int] = set()
    for start in range(0, len(ordered), 900):
        query = select(column).where(column.in_(ordered[start : start + 900]))
        taken.update(scope.connection.execute(query).scalars())
    return taken
