"""Making rows of a damaged project fit into a new one: what they point to is there, and spans stand on their words."""

from __future__ import annotations

from collections import OrderedDict

from sqlalchemy import Table, insert, select

from storage import tables as t
from storage.anchoring import anchored
from storage.entities import ACTOR, BATCH, BLOCKED, LABEL, LINK, REVIEWED, SPAN, STRETCH, Entity, Image
from storage.errors import InvalidEditError
from storage.project import ChangeScope, now
from storage.records import Fragment, LabelKind
from storage.text import check_fragments, quote_of

#: So many texts are held at a time; spans of one document mostly follow each other.
_TEXTS = 32


class Fitting:
    """Fits rows within one transaction. What others point to and is lost gets a stand-in that says so."""

    def __init__(self, scope: ChangeScope) -> None:
        self._scope = scope
        self._known: dict[str, set[int]] = {}
        self._texts: OrderedDict[int, str] = OrderedDict()

    def fitted(self, entity: Entity, image: Image) -> Image | None:
        """Return a row as it may stand in the new project, `None` where it cannot."""
        if entity is BATCH:
            return self._batch(image)
        if entity is ACTOR and not self._has(LABEL.table, image["label_id"]):
            return image | {"label_id": None}
        if entity is SPAN:
            return self._span(image)
        if entity in {REVIEWED, STRETCH, BLOCKED}:
            self._stand_in_for_analyst(image["analyst_id"])
        if entity is LINK:
            self._stand_in_for_analyst(image["analyst_id"])
            self._stand_in_for_run(image["run_id"])
        return image

    def document(self, image: Image) -> Image:
        """Return a document as it may stand in the new project, in an import of its own if its own is lost."""
        if not self._has(BATCH.table, image["batch_id"]):
            batch = {"id": image["batch_id"], "state": "present", "at": now(), "analyst_id": self._scope.analyst_id}
            self._scope.journal.insert(BATCH, batch)
            self._known[BATCH.table.name].add(image["batch_id"])
        return image

    def _batch(self, image: Image) -> Image:
        """An import that was under way never was part of the project; its documents stay hidden."""
        self._stand_in_for_analyst(image["analyst_id"])
        return image | {"state": "removed"} if image["state"] == "staged" else image

    def _span(self, image: Image) -> Image | None:
        text = self._text(image["document_id"])
        fragments = _standing(text, image) if text is not None else None
        if fragments is None:
            return None
        self._stand_in_for_label(image["label_id"])
        self._stand_in_for_analyst(image["analyst_id"])
        self._stand_in_for_run(image["run_id"])
        place = {"fragments": [list(f) for f in fragments], "start_cp": fragments[0][0], "end_cp": fragments[-1][1]}
        actor_id = image["actor_id"] if self._has(ACTOR.table, image["actor_id"]) else None
        return image | place | {"actor_id": actor_id}

    def _stand_in_for_label(self, label_id: int) -> None:
        if not self._has(LABEL.table, label_id):
            label = {"id": label_id, "kind": LabelKind.CLAIM.value, "name": f"Lost label {label_id}"}
            self._scope.journal.insert(LABEL, LABEL.complete(label))
            self._known[LABEL.table.name].add(label_id)

    def _stand_in_for_analyst(self, analyst_id: int | None) -> None:
        self._stand_in(t.Analyst.__table__, analyst_id, {"name": f"lost analyst {analyst_id}", "created_at": now()})

    def _stand_in_for_run(self, run_id: int | None) -> None:
        lost = {"suggester": "lost", "version": str(run_id), "model": "", "started_at": now()}
        self._stand_in(t.SuggesterRun.__table__, run_id, lost)

    def _stand_in(self, table: Table, row_id: int | None, values: Image) -> None:
        if row_id is not None and not self._has(table, row_id):
            self._scope.connection.execute(insert(table).values(values | {"id": row_id}))
            self._known[table.name].add(row_id)

    def _has(self, table: Table, row_id: int | None) -> bool:
        if table.name not in self._known:
            self._known[table.name] = set(self._scope.connection.execute(select(table.c.id)).scalars())
        return row_id in self._known[table.name]

    def _text(self, document_id: int) -> str | None:
        if document_id not in self._texts:
            query = select(t.DocumentText.text).where(t.DocumentText.document_id == document_id)
            found = self._scope.connection.execute(query).scalar()
            if found is None:
                return None
            self._texts[document_id] = found
            if len(self._texts) > _TEXTS:
                self._texts.popitem(last=False)
        return self._texts[document_id]


def _standing(text: str, image: Image) -> tuple[Fragment, ...] | None:
    """Return where a span stands: where it says, where its envelope says, or where its words are found."""
    quote, envelope = image["quote"], [Fragment(image["start_cp"], image["end_cp"])]
    for fragments in ([Fragment(*fragment) for fragment in image["fragments"]], envelope):
        try:
            check_fragments(text, fragments)
        except (InvalidEditError, TypeError):  # a number that is none, in a torn row
            continue
        if quote_of(text, fragments) == quote:
            return tuple(fragments)
    return anchored(text, quote, image["fragments"], image["start_cp"]) if isinstance(quote, str) else None
