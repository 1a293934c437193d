"""What a format cannot hold: left out before it is written, and counted, so that nothing is lost in silence.

A writer receives documents that `reduced` has brought down to what its format declares; what else is lost on the way
it adds itself. The loss report, the preview of an export and the round-trip tests all follow from this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.naming import display_name
from storage.records import LabelKind, Origin, State

if TYPE_CHECKING:
    from storage.formats.interface import Capabilities

#: How many places of each kind of loss are named.
EXAMPLES = 5

_SHOWN_CP = 60

#: How a report is called, and what its first line says.
_REPORT = ".losses.txt"
_WRITTEN, _NOTHING = "written to {}:", "{}: nothing was lost."

#: Where spans may not overlap: names teach most and are shortest, so they stay first.
_RANK = {LabelKind.ACTOR: 0, LabelKind.CUE: 1, LabelKind.CLAIM: 2}


@dataclass(slots=True)
class Loss:
    """One kind of loss: what it is, why it happens, how often it did, and the first places."""

    what: str
    why: str
    count: int = 0
    examples: list[str] = field(default_factory=list)


class Losses:
    """Collects what an export or an import leaves out or changes."""

    def __init__(self) -> None:
        self._losses: dict[tuple[str, str], Loss] = {}

    def add(self, what: str, why: str, *, where: str = "", count: int = 1) -> None:
        """Count a loss. `what` is a plural (“rejected spans”), `why` a clause (“CoNLL has no place for them”)."""
        loss = self._losses.setdefault((what, why), Loss(what, why))
        loss.count += count
        if where and len(loss.examples) < EXAMPLES:
            loss.examples.append(where)

    def __bool__(self) -> bool:
        return bool(self._losses)

    def __iter__(self) -> Iterator[Loss]:
        return iter(self._losses.values())

    def to_json(self) -> list[dict[str, Any]]:
        """Return the losses as JSON holds them, in the order in which they first happened."""
        return [{"what": x.what, "why": x.why, "count": x.count, "examples": list(x.examples)} for x in self]

    def to_lines(self) -> list[str]:
        """Return one line per kind of loss, each followed by its examples, indented."""
        lines: list[str] = []
        for loss in self:
            lines.append(f"{loss.count:,} {loss.what}: {loss.why}")
            lines += [f"    {example}" for example in loss.examples]
            if loss.count > len(loss.examples) > 0:
                lines.append("    …")
        return lines


def write_report(losses: Losses, path: Path, title: str) -> Path:
    """Write what an export lost beside it, as `NAME.losses.txt`, and return where; also where nothing was lost.

    So a report never tells of an earlier export.

    Raises:
        StorageFullError: the file cannot be written.
    """
    from storage.formats.atomic import atomic_writer  # noqa: PLC0415  (previews write nothing)

    out, name = path.with_name(path.name + _REPORT), display_name(path)
    heading = f"What {title} could not express of this project, {_WRITTEN.format(name)}"
    lines = [heading, "", *losses.to_lines()] if losses else [_NOTHING.format(name)]
    with atomic_writer(out) as stream:
        stream.write("\n".join(lines) + "\n")
    return out


def is_report(path: Path) -> bool:
    """Whether a file is a report of losses that stands beside an export. Never raises."""
    if not path.name.endswith(_REPORT) or not path.is_file():  # a pipe would wait for a writer
        return False
    name = display_name(Path(path.name.removesuffix(_REPORT)))
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            first = stream.readline(2_000).rstrip("\n")
    except OSError:
        return False
    return first == _NOTHING.format(name) or first.endswith(_WRITTEN.format(name))


def place(document: ExchangeDocument, span: ExchangeSpan) -> str:
    """Return where a span stands, for a list of losses: title, offset, label and the first words."""
    words = " ".join(document.text[span.fragments[0].start_cp : span.fragments[-1].end_cp].split())
    words = words if len(words) <= _SHOWN_CP else words[: _SHOWN_CP - 1] + "…"
    return f"{document.title}, {span.fragments[0].start_cp:,}: {span.label} “{words}”"


def reduced(
    documents: Iterable[ExchangeDocument], holds: Capabilities, title: str, losses: Losses
) -> Iterator[ExchangeDocument]:
    """Yield the documents with nothing in them that `holds` does not declare, and count what that took away.

    - Undecided (`unreviewed`) and rejected (`negatives`) spans and links are left out.
    - Where a span cannot have several `fragments`, each becomes a span of its own; the first keeps id and links.
    - Where spans cannot `overlap`, mentions stay before cues, cues before claims, and longer before shorter.
    - `links`, `fields`, `actors`, notes, who decided and when, metadata, reviewed and other stretches are emptied.

    `title` names the format in the sentences. One document is held at a time.
    """
    if all(getattr(holds, item.name) for item in fields(holds)):
        yield from documents
        return
    for document in documents:
        spans = _kept_states(document, holds, title, losses)
        if not holds.fragments:
            spans = _split(document, spans, title, losses)
        if not holds.overlap:
            spans = _flat(document, spans, title, losses)
        links = _kept_links(document, spans, holds, title, losses)
        spans = [_plain(document, span, holds, title, losses) for span in spans]
        yield _bare(replace(document, spans=tuple(spans), links=tuple(links)), holds, title, losses)


def _kept_states(document: ExchangeDocument, holds: Capabilities, title: str, losses: Losses) -> list[ExchangeSpan]:
    kept = []
    for span in document.spans:
        if span.state == State.SUGGESTED and not holds.unreviewed:
            losses.add("undecided suggestions", f"{title} has no mark for what nobody has decided on")
        elif span.state == State.REJECTED and not holds.negatives:
            losses.add("rejected spans", f"{title} has no mark for what is wrong")
        else:
            kept.append(span)
    return kept


def _split(document: ExchangeDocument, spans: Iterable[ExchangeSpan], title: str, losses: Losses) -> list[ExchangeSpan]:
    taken = {span.id for span in document.spans}
    kept: list[ExchangeSpan] = []
    for span in spans:
        if len(span.fragments) > 1:
            why = f"{title} knows no split spans: each part became a span of its own, links stay with the first"
            losses.add("spans of several fragments", why, where=place(document, span))
        for number, fragment in enumerate(span.fragments):
            span_id = span.id if number == 0 else _free_id(f"{span.id}.{number + 1}", taken)
            quote = document.text[slice(*fragment)]
            kept.append(replace(span, id=span_id, fragments=(fragment,), quote=quote))
    return kept


def _free_id(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "'"
    taken.add(wanted)
    return wanted


def _flat(document: ExchangeDocument, spans: Iterable[ExchangeSpan], title: str, losses: Losses) -> list[ExchangeSpan]:
    """Return the spans that stay where none may share a character with another, in the order of the text."""
    first_choice = sorted(spans, key=lambda span: (_RANK[span.kind], -_length(span), span.fragments))
    used = bytearray(len(document.text))
    kept = []
    for span in first_choice:
        if any(any(used[start:end]) for start, end in span.fragments):
            why = f"{title} gives each character one label: mentions stay before cues, cues before claims"
            losses.add("overlapping spans", why, where=place(document, span))
            continue
        for start, end in span.fragments:
            used[start:end] = b"\1" * (end - start)
        kept.append(span)
    return sorted(kept, key=lambda span: span.fragments)


def _length(span: ExchangeSpan) -> int:
    return sum(end - start for start, end in span.fragments)


def _kept_links(
    document: ExchangeDocument, spans: Collection[ExchangeSpan], holds: Capabilities, title: str, losses: Losses
) -> list[ExchangeLink]:
    ids = {span.id for span in spans}
    kept = []
    for link in document.links:
        if link.state == State.SUGGESTED and not holds.unreviewed:
            losses.add("undecided links", f"{title} has no mark for what nobody has decided on")
        elif link.state == State.REJECTED and not holds.negatives:
            losses.add("rejected links", f"{title} has no mark for what is wrong")
        elif not holds.links:
            losses.add(f"“{link.type}” links", f"{title} has no place for links")
        elif link.from_id not in ids or link.to_id not in ids:
            losses.add(f"“{link.type}” links", "the span at one end was left out")
        else:
            kept.append(link)
    return kept


def _plain(
    document: ExchangeDocument, span: ExchangeSpan, holds: Capabilities, title: str, losses: Losses
) -> ExchangeSpan:
    """Return a span without what the format has no place for. One for each span of an export: hence no `replace`."""
    is_told = (holds.fields or not span.fields) and (holds.actors or span.actor is None)
    if is_told and (holds.notes or not (span.note or span.is_flagged)):
        return span if holds.decisions else _undecided(span, title, losses)
    changes: dict[str, Any] = {}
    if span.fields and not holds.fields:
        losses.add("field values", f"{title} has no place for fields", count=len(span.fields))
        changes["fields"] = {}
    if span.actor is not None and not holds.actors:
        losses.add("mentions that name their actor", f"{title} has no registry of actors")
        changes |= {"actor": None, "actor_id": None}
    if (span.note or span.is_flagged) and not holds.notes:
        losses.add("notes and flags", f"{title} has no place for them", where=place(document, span))
        changes |= {"note": "", "is_flagged": False}
    span = replace(span, **changes)
    return span if holds.decisions else _undecided(span, title, losses)


def _undecided(span: ExchangeSpan, title: str, losses: Losses) -> ExchangeSpan:
    """Return a span without who decided, when and on what."""
    if span.analyst or span.suggester or span.score is not None:
        losses.add("spans' who and when, score and suggester", f"{title} has no place for decisions")
    return ExchangeSpan(
        span.id, span.kind, span.label, span.fragments, span.state,
        quote=span.quote, actor=span.actor, fields=span.fields, note=span.note, is_flagged=span.is_flagged,
        actor_id=span.actor_id,
    )  # fmt: skip


def _bare(document: ExchangeDocument, holds: Capabilities, title: str, losses: Losses) -> ExchangeDocument:
    changes: dict[str, Any] = {}
    if not holds.decisions and document.links:
        bare: dict[str, Any] = {
            "analyst": None,
            "decided_at": None,
            "score": None,
            "suggester": None,
            "origin": Origin.IMPORT,
        }
        changes["links"] = tuple(replace(link, **bare) for link in document.links)
    if not holds.metadata and (document.source or document.date or document.language or document.meta):
        losses.add("documents' source, date, language or metadata", f"{title} has no place for them")
        changes |= {"source": "", "date": None, "language": "", "meta": {}}
    if not holds.reviewed and document.reviewed:
        losses.add("reviewed stretches", f"{title} cannot tell what is complete", count=len(document.reviewed))
        changes["reviewed"] = ()
    if not holds.stretches and document.stretches:
        why = f"{title} has no place for page numbers and excluded parts"
        losses.add("pages and excluded parts", why, count=len(document.stretches))
        changes["stretches"] = ()
    return replace(document, **changes) if changes else document
