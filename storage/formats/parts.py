"""Split spans in formats that have links but no fragments: a span for each part, each linked to the next.

So a quotation with its speaker in the middle comes back whole from Label Studio, Prodigy and doccano.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.offsets import merged
from storage.text import quote_of

#: The type of the links between the parts of a span.
CONTINUED = "continued by"


def apart(document: ExchangeDocument) -> ExchangeDocument:
    """Return the document with a span for each fragment; the first keeps id, links and what is said of the span."""
    if all(len(span.fragments) == 1 for span in document.spans):
        return document
    taken = {span.id for span in document.spans} | {link.id for link in document.links}
    spans: list[ExchangeSpan] = []
    links = list(document.links)
    for span in document.spans:
        for number, fragment in enumerate(span.fragments):
            part = replace(span, fragments=(fragment,), quote=quote_of(document.text, [fragment]))
            if number:
                part = replace(part, id=_free(f"{span.id}.{number + 1}", taken))
                part = replace(part, actor=None, actor_id=None, fields={}, note="", is_flagged=False)
                link_id = _free(f"{span.id}>{number + 1}", taken)
                ends = spans[-1].id, part.id
                links.append(ExchangeLink(link_id, CONTINUED, *ends, state=span.state, origin=span.origin))
            spans.append(part)
    return replace(document, spans=tuple(spans), links=tuple(links))


def together(document: ExchangeDocument) -> ExchangeDocument:
    """Return the document with parts made spans of several fragments again; links of a part are those of the whole."""
    spans = {span.id: span for span in document.spans}
    first = {
        link.to_id: link.from_id
        for link in document.links
        if link.type == CONTINUED and _are_alike(spans[link.from_id], spans[link.to_id])
    }
    if not first:
        return document
    whole = {span_id: _first(span_id, first) for span_id in spans}
    parts: dict[str, list[ExchangeSpan]] = {}
    for span in document.spans:
        parts.setdefault(whole[span.id], []).append(span)
    joined = []
    for span_id, found in parts.items():
        fragments = merged(fragment for part in found for fragment in part.fragments)
        joined.append(replace(spans[span_id], fragments=fragments, quote=quote_of(document.text, fragments)))
    links: dict[tuple[str, str, str], ExchangeLink] = {}
    for link in document.links:
        start, end = whole[link.from_id], whole[link.to_id]
        if start != end:
            links.setdefault((link.type, start, end), replace(link, from_id=start, to_id=end))
    return replace(document, spans=tuple(joined), links=tuple(links.values()))


def _are_alike(span: ExchangeSpan, other: ExchangeSpan) -> bool:
    return (span.kind, span.label, span.state) == (other.kind, other.label, other.state)


def _first(span_id: str, first: Mapping[str, str]) -> str:
    """Return the first part of the span that a part belongs to; where they lead round in a circle, the least by id."""
    seen = [span_id]
    while (span_id := first.get(span_id, "")) and span_id not in seen:
        seen.append(span_id)
    return min(seen[seen.index(span_id) :]) if span_id else seen[-1]


def _free(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "'"
    taken.add(wanted)
    return wanted
