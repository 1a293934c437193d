"""Aliases learnt: by what name a mention calls the actor that an analyst says it is."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from storage import tables as t
from storage.entities import ACTOR, chunks, fold, one_of
from storage.memory_words import is_name, levelled
from storage.project import ChangeScope
from storage.registry_names import surname_of

#: What suggesters call labels of persons.
_PERSON = "person"

_SPAN = t.Span.__table__.c
_DOCUMENT = t.Document.__table__.c


def learn_aliases(scope: ChangeScope, span_ids: Iterable[int], actor_id: int | None) -> None:
    """Make the names by which mentions call their actor aliases of it, within another operation.

    Names alone, not descriptions or pronouns ("the minister", "he"): those call somebody else elsewhere. Nor the bare
    surname of a person, which is known as such and may be another's, nor a name by which another actor goes.
    """
    image = scope.journal.image(ACTOR, actor_id) if actor_id is not None else None
    if image is None or actor_id is None:
        return
    names = (image["name"], *image["aliases"])
    known = {fold(name) for name in names}
    if _is_person(scope, image["label_id"]):
        known |= {surname_of(name) for name in names}
    called = {fold(words): words for words in _names(scope, span_ids) if fold(words) not in known}
    new = [words for folded, words in called.items() if not _is_of_another(scope, folded, words, actor_id)]
    if new:
        scope.journal.update(ACTOR, actor_id, {"aliases": sorted({*image["aliases"], *new})})


def _is_person(scope: ChangeScope, label_id: int | None) -> bool:
    label = t.Label.__table__.c
    return scope.connection.execute(select(label.code).where(label.id == label_id)).scalar() == _PERSON


def _names(scope: ChangeScope, span_ids: Iterable[int]) -> list[str]:
    query = select(_SPAN.quote, _DOCUMENT.language).join(t.Document.__table__, _DOCUMENT.id == _SPAN.document_id)
    rows = [row for chunk in chunks(span_ids) for row in scope.connection.execute(query.where(one_of(_SPAN.id, chunk)))]
    return sorted({levelled(quote) for quote, language in rows if is_name(levelled(quote), language)})


def _is_of_another(scope: ChangeScope, folded: str, words: str, actor_id: int) -> bool:
    """Whether another actor goes by a name. Names of actors are compared as they are written, aliases folded."""
    alias, actor = t.ActorAlias.__table__.c, t.Actor.__table__.c
    aliases = select(alias.actor_id).where(alias.folded == folded, alias.actor_id != actor_id)
    names = select(actor.id).where(actor.name == words, actor.id != actor_id)
    return any(scope.connection.execute(query).first() is not None for query in (aliases, names))
