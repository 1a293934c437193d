"""One line of JSON Lines, checked: from what the JSON says to an `ExchangeDocument`.

Every value is looked at; what breaks a rule is named by its place in the line (`spans[3].fragments`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from storage.errors import InvalidEditError
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.formats.json_object import JsonObject, named
from storage.formats.naming import title_of
from storage.records import LabelKind, Origin, State, StretchKind
from storage.stretches import check_stretches
from storage.text import check_fragments, check_text, quote_of, sha256_of

#: Under what names other tools keep places with labels (Argilla, older doccano).
_FOREIGN_LABELS = {"annotation", "annotations", "prediction", "predictions"}


def document_from(data: object, *, where: str, fallback_title: str) -> ExchangeDocument:
    """Return the document that one line describes.

    Strings under `title`, `source`, `date`, `language` and `encoding` are taken as such, `id` also as a whole number;
    what else a line has, and whatever of those is of another type, goes into `meta`. `fallback_title` is for documents
    that have neither a title nor a short first line.

    Raises:
        RefusedInputError: something is missing, of the wrong type, outside the text, or contradicts the rest.
    """
    line = JsonObject(data, where)
    text = line.text()
    check_text(text, where=f"{where}: its “text”")
    _check_no_foreign_labels(line)
    _check_hash(line, text)
    has_spans = "spans" in line.rest
    spans = line.items("spans", lambda item: _span(item, text))
    _check_unique(line, "spans", (span.id for span in spans))
    # Pages from the web have a list of addresses under this name; without spans it cannot be ours.
    links = line.items("links", _link) if has_spans or not line.rest.get("links") else ()
    _check_unique(line, "links", (link.id for link in links))
    _check_ends(line, links, spans)
    reviewed = line.ranges("reviewed", len(text))
    stretches = line.items("stretches", _stretch)
    _check_stretches(line, stretches, len(text))
    title = line.string_or_leave("title") or ""
    return ExchangeDocument(
        id=line.identity_or_leave(),
        title=title if title.strip() else title_of(text, fallback_title),
        text=text,
        source=line.string_or_leave("source") or "",
        date=line.string_or_leave("date"),
        language=line.string_or_leave("language") or "",
        encoding=line.string_or_leave("encoding") or "",
        sha256=sha256_of(text),
        spans=spans,
        links=links,
        reviewed=reviewed,
        stretches=stretches,
        meta=_meta(line),
        where=where,
    )


def _check_no_foreign_labels(line: JsonObject) -> None:
    """Refuse labels of other tools that no reader here knows: they would come in as metadata, unseen."""
    for key in sorted(_FOREIGN_LABELS & line.rest.keys()):
        value = line.rest[key]
        first = value[0] if isinstance(value, list) and value else None
        if isinstance(first, dict):
            first = list(first.values())
        if isinstance(first, list) and sum(type(part) is int for part in first) >= 2:
            line.refuse(
                key,
                "holds labels in a form that Sayso does not read: write them in one that it does (main.py formats), "
                "or import the texts alone, as a table (--format table)",
            )


def _span(item: JsonObject, text: str) -> ExchangeSpan:
    fragments = item.ranges("fragments", len(text))
    try:
        check_fragments(text, fragments)
    except InvalidEditError as error:
        item.refuse("fragments", f"cannot be labelled: {error}")
    quote, claimed = quote_of(text, fragments), item.optional("quote")
    if claimed is not None and claimed != quote:
        item.refuse(
            "quote",
            f"is {named(claimed)}, but at its fragments the text has {named(quote)}: offsets count Unicode code "
            "points as Python does, not bytes or UTF-16 units, in the text as it stands",
        )
    return ExchangeSpan(
        id=item.identity("id"),
        kind=item.choice("kind", LabelKind),
        label=item.required("label"),
        fragments=fragments,
        state=item.choice("state", State, State.CONFIRMED),
        origin=item.choice("origin", Origin, Origin.IMPORT),
        quote=quote,
        suggester=item.optional("suggester"),
        score=item.score(),
        reason=item.optional("reason") or "",
        actor=item.optional("actor"),
        actor_id=item.identity("actor_id") if "actor_id" in item.rest else None,
        fields=item.strings("fields"),
        note=item.optional("note") or "",
        is_flagged=item.flag("flagged"),
        analyst=item.optional("analyst"),
        decided_at=item.moment("decided_at"),
    )


def _link(item: JsonObject) -> ExchangeLink:
    return ExchangeLink(
        id=item.identity("id"),
        type=item.required("type"),
        from_id=item.identity("from"),
        to_id=item.identity("to"),
        state=item.choice("state", State, State.CONFIRMED),
        origin=item.choice("origin", Origin, Origin.IMPORT),
        suggester=item.optional("suggester"),
        score=item.score(),
        analyst=item.optional("analyst"),
        decided_at=item.moment("decided_at"),
    )


def _stretch(item: JsonObject) -> ExchangeStretch:
    return ExchangeStretch(
        kind=item.choice("kind", StretchKind),
        start_cp=item.offset("start"),
        end_cp=item.offset("end"),
        value=item.optional("value") or "",
    )


def _check_stretches(line: JsonObject, stretches: Iterable[ExchangeStretch], length_cp: int) -> None:
    try:
        check_stretches(length_cp, [(s.kind, s.start_cp, s.end_cp) for s in stretches])
    except InvalidEditError as error:
        line.refuse("stretches", f"cannot be: {error}")


def _check_unique(line: JsonObject, key: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, id_ in enumerate(ids):
        if id_ in seen:
            line.refuse(f"{key}[{index}].id", f"is {named(id_)}, as another one's is")
        seen.add(id_)


def _check_ends(line: JsonObject, links: Iterable[ExchangeLink], spans: Iterable[ExchangeSpan]) -> None:
    span_ids = {span.id for span in spans}
    for index, link in enumerate(links):
        for key, id_ in (("from", link.from_id), ("to", link.to_id)):
            if id_ not in span_ids:
                line.refuse(f"links[{index}].{key}", f"is {named(id_)}, which is not the id of a span of this document")
        if link.from_id == link.to_id:
            line.refuse(f"links[{index}]", f"leads from {named(link.from_id)} to itself")


def _check_hash(line: JsonObject, text: str) -> None:
    claimed = line.optional("sha256")
    if claimed is not None and claimed.lower() != sha256_of(text):
        line.refuse("sha256", "is not that of the text: the text was changed after it was written")


def _meta(line: JsonObject) -> Mapping[str, Any]:
    """Return `meta` with all that is left of the line."""
    given = line.rest.pop("meta", None)
    meta = dict(given) if isinstance(given, dict) else {} if given is None else {"meta": given}
    for key, value in line.rest.items():
        if meta.setdefault(key, value) != value:
            line.refuse(key, "is said twice, here and in “meta”, and not the same: take one out")
    try:
        json.dumps(meta, allow_nan=False)
    except ValueError:
        line.refuse("meta", "has a number that is too large")
    return meta
