"""brat's annotations of one text made spans and links.

- A text-bound annotation is a span, a relation a link, an attribute a field, a note a note, a reference to a database
  the actor of a mention. Remarks on relations go into the note of the span that the relation starts from.
- An event with a role Content (Claim, Quote, Quotation, Statement) is an attribution: its contents together are one
  claim, which keeps the event's type in the field `event`; Cue, Source (Speaker) and Target are linked to it. Its
  trigger is a cue too, unless a cue or the content stands in the same place. An attribution within the content is a
  claim of its own, which this one `contains`; where nothing else is the content, all that belongs to it is.
- Of any other event the trigger is a span, linked to its arguments by their roles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from storage.errors import RefusedInputError
from storage.formats.brat_config import FLAGGED, Names
from storage.formats.brat_rows import EventRow, RemarkRow, Rows, SpanRow
from storage.formats.exchange import ExchangeLink, ExchangeSpan
from storage.formats.json_object import named
from storage.formats.offsets import Offsets, Unit, is_quote, merged, placed, refuse_quote, unit_of_quotes
from storage.records import Fragment, LabelKind
from storage.text import quote_of

#: The field in which a claim keeps the type of the event that it was.
EVENT_FIELD = "event"
#: What the value of an attribute without one is.
YES = "yes"

_CONTENTS = {"content", "claim", "quote", "quotation", "statement"}
_ENDS = {
    "cue": ("cue", LabelKind.CUE),
    "source": ("speaker", LabelKind.ACTOR),
    "speaker": ("speaker", LabelKind.ACTOR),
    "target": ("target", LabelKind.ACTOR),
}
_CODES = {"speaker", "target", "cue", "contains", "answers"}
_UNITS = (Unit.CODE_POINT, Unit.LINE_END, Unit.UTF16)


def spans_and_links(
    text: str, rows: Rows, names: Names, *, has_mark: bool = False, prefix: str = "", analyst: str | None = None
) -> tuple[list[ExchangeSpan], list[ExchangeLink]]:
    """Return what the rows say of a text. `has_mark`: its file begins with a BOM, which brat counts.

    Raises:
        RefusedInputError: offsets outside the text, words that do not stand there, ids that are not there.
    """
    maker = _Maker(rows, names, _places(text, rows, has_mark=has_mark))
    maker.make()
    spans = [
        replace(span, id=prefix + span.id, quote=quote_of(text, span.fragments), analyst=analyst)
        for span in maker.finished()
    ]
    links = [
        ExchangeLink(f"{prefix}{number}", code, prefix + start, prefix + end, analyst=analyst)
        for number, (code, start, end) in enumerate(maker.links, start=1)
    ]
    return spans, links


def _places(text: str, rows: Rows, *, has_mark: bool) -> dict[str, tuple[Fragment, ...]]:
    """Return the fragments of each text-bound annotation, once it is clear what the offsets count."""
    quotes = [(row.ranges, row.whole_quote) for row in rows.spans.values() if row.whole_quote is not None]
    counted, shift = text, 0
    unit = None
    if has_mark:
        unit = unit_of_quotes("\ufeff" + text, quotes, _UNITS)
        counted, shift = ("\ufeff" + text, 1) if unit else (text, 0)
    unit = unit or unit_of_quotes(text, quotes, _UNITS)
    if unit is None:
        _refuse_misplaced(text, rows.spans.values())
    offsets = Offsets(counted, unit or Unit.CODE_POINT)
    found = {}
    for row_id, row in rows.spans.items():
        ranges = [(start - shift, end - shift) for start, end in offsets.ranges(row.ranges) or row.ranges]
        found[row_id] = placed(text, ranges, where=row.where)
    return found


def _refuse_misplaced(text: str, rows: Iterable[SpanRow]) -> None:
    for row in rows:
        placed(text, row.ranges, where=row.where)
        if row.quote is None or row.whole_quote is None or is_quote(text, row.ranges, row.whole_quote):
            continue
        if is_quote(text, row.ranges, row.quote):  # what follows does not belong to it
            where, words = next((where, words) for where, words in row.more if words.strip())
            raise RefusedInputError(f"{where}: {named(words)} is no annotation that brat knows.")
        raise refuse_quote(row.where, text, row.ranges, row.whole_quote)


@dataclass(slots=True)
class _Draft:
    """A span in the making."""

    kind: LabelKind
    label: str
    fragments: tuple[Fragment, ...]
    actor: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    is_flagged: bool = False


class _Maker:
    """Makes the spans of one file, first those of its events; `links` are by the ids of spans."""

    def __init__(self, rows: Rows, names: Names, places: dict[str, tuple[Fragment, ...]]) -> None:
        self._rows = rows
        self._names = names
        self._places = places
        self._drafts: dict[str, _Draft] = {}
        self._main: dict[str, str] = {}  # the span that stands for an annotation
        self._claims: dict[str, str] = {}  # the annotation at whose place in the file a claim stands
        self.links: dict[tuple[str, str, str], None] = {}

    def make(self) -> None:
        """Make everything."""
        attributions = {key: event for key, event in self._rows.events.items() if _contents(event)}
        for key, event in attributions.items():
            self._claim(key, event, attributions)
        self._forget_triggers(attributions)
        for row_id, row in self._rows.spans.items():
            if row_id not in self._main:
                self._span(row_id, self._names.kind(row.label))
        for key, event in self._rows.events.items():
            if key not in attributions:
                self._main[key] = self._resolved(event.trigger, event.where)
        for key, event in attributions.items():
            self._link_claim(self._main[key], event)
        for key, event in self._rows.events.items():
            if key not in attributions:
                for role, to_id in event.arguments:
                    self._link(_role(role), self._main[key], self._resolved(to_id, event.where), event.where)
        for relation in self._rows.relations.values():
            start, end = (self._resolved(row_id, relation.where) for row_id in (relation.from_id, relation.to_id))
            self._link(self._code(relation.type, start, end), start, end, relation.where)
        self._remark()

    def finished(self) -> list[ExchangeSpan]:
        """Return the spans in the order of the file."""
        order = {row_id: number for number, row_id in enumerate(self._rows.spans)}
        drafts = sorted(self._drafts.items(), key=lambda item: order[self._claims.get(item[0], item[0])])
        return [
            ExchangeSpan(
                id=span_id,
                kind=draft.kind,
                label=draft.label,
                fragments=draft.fragments,
                actor=draft.actor,
                fields=draft.fields,
                note="\n".join(draft.notes),
                is_flagged=draft.is_flagged,
            )
            for span_id, draft in drafts
        ]

    def _claim(self, key: str, event: EventRow, attributions: dict[str, EventRow]) -> None:
        """Make one claim of the contents of an event; contents that several events share are one claim for each."""
        own = [row_id for row_id in _contents(event) if row_id not in attributions]
        bounds = own or self._belonging(key, attributions)
        contents = [self._bound(row_id, event.where) for row_id in bounds]
        fragments = merged(fragment for row_id in contents for fragment in self._places[row_id])
        span_id = contents[0] if own and contents[0] not in self._drafts else f"{contents[0]}.{key}"
        label = self._names.of(self._rows.spans[contents[0]].label)
        fields = {EVENT_FIELD: self._names.of(event.type)}
        self._drafts[span_id] = _Draft(LabelKind.CLAIM, label, fragments, fields=fields)
        self._claims[span_id] = contents[0]
        self._main[key] = span_id
        for row_id in contents if own else ():
            self._main.setdefault(row_id, span_id)

    def _belonging(self, key: str, attributions: dict[str, EventRow]) -> list[str]:
        """Return what belongs to the attributions within the content of one: contents first, then trigger and ends."""
        found: dict[str, None] = {}
        seen = {key}
        inner = list(_contents(attributions[key]))
        while inner:
            next_key = inner.pop(0)
            if next_key in seen:
                continue
            seen.add(next_key)
            event = attributions[next_key]
            contents = _contents(event)
            ids = [*contents, event.trigger, *(to_id for _, to_id in event.arguments)]
            found |= dict.fromkeys(row_id for row_id in ids if row_id not in attributions)
            inner += [row_id for row_id in contents if row_id in attributions]
        return list(found) or [attributions[key].trigger]

    def _forget_triggers(self, attributions: dict[str, EventRow]) -> None:
        """Let the triggers of attributions be the cue or the content that stands in their place, if one does."""
        uses: dict[str, list[str]] = defaultdict(list)
        for key, event in attributions.items():
            uses[self._bound(event.trigger, event.where)].append(key)
        others = (event for key, event in self._rows.events.items() if key not in attributions and event.arguments)
        elsewhere = {event.trigger for event in others}
        elsewhere |= {to_id for event in self._rows.events.values() for _, to_id in event.arguments}
        elsewhere |= {end for relation in self._rows.relations.values() for end in (relation.from_id, relation.to_id)}
        for trigger, keys in uses.items():
            if trigger not in elsewhere and trigger not in self._main:
                places = [self._standing_in(trigger, key, attributions[key]) for key in keys]
                if all(places):
                    self._main[trigger] = places[0]

    def _standing_in(self, trigger: str, key: str, event: EventRow) -> str:
        """Return the annotation of an event that stands where its trigger does, if any."""
        place = self._places[trigger]
        if self._drafts[self._main[key]].fragments == place:
            return self._main[key]
        cues = [to_id for role, to_id in event.arguments if _role(role) == "cue"]
        return next((cue for cue in cues if self._places.get(cue) == place), "")

    def _link_claim(self, claim: str, event: EventRow) -> None:
        for role, to_id in event.arguments:
            name = _plain(role)
            if name in _CONTENTS:
                if to_id in self._rows.events and _contents(self._rows.events[to_id]):
                    self._link("contains", claim, self._main[to_id], event.where)
                continue
            code, kind = _ENDS.get(name, (role.rstrip("0123456789"), None))
            end = self._resolved(to_id, event.where)
            if kind is not None and end == to_id and end not in self._claims:
                self._drafts[end].kind = kind
            self._link(code, claim, end, event.where)
        trigger = self._main[event.trigger]
        if trigger == event.trigger and trigger not in self._claims:
            self._drafts[trigger].kind = LabelKind.CUE
            self._link("cue", claim, trigger, event.where)

    def _span(self, row_id: str, kind: LabelKind) -> None:
        self._drafts[row_id] = _Draft(kind, self._names.of(self._rows.spans[row_id].label), self._places[row_id])
        self._main[row_id] = row_id

    def _bound(self, row_id: str, where: str) -> str:
        """Return the id of a text-bound annotation, which this must be."""
        seen = {row_id}
        while row_id in self._rows.events:
            row_id = self._rows.events[row_id].trigger
            if row_id in seen:
                break
            seen.add(row_id)
        if row_id not in self._rows.spans:
            raise RefusedInputError(f"{where}: {named(row_id)} is not the id of a span of this file.")
        return row_id

    def _resolved(self, row_id: str, where: str) -> str:
        """Return the id of the span that stands for an annotation."""
        if row_id in self._rows.events and row_id in self._main:
            return self._main[row_id]
        return self._main[self._bound(row_id, where)]

    def _code(self, type_: str, start: str, end: str) -> str:
        """Return the code of a link type that a relation's type names."""
        name = self._names.of(type_)
        kinds = self._drafts[start].kind, self._drafts[end].kind
        if name.casefold() == "source" and kinds == (LabelKind.CLAIM, LabelKind.ACTOR):
            return "speaker"
        return name.casefold() if name.casefold() in _CODES else name

    def _link(self, code: str, start: str, end: str, where: str) -> None:
        if start == end:
            raise RefusedInputError(f"{where}: {named(code)} leads from {named(start)} to itself.")
        self.links[code, start, end] = None

    def _remark(self) -> None:
        for row in self._rows.attributes:
            name = self._names.of(row.name)
            if row.target in self._rows.relations:
                self._tell(row, f"{name}: {row.value}" if row.value else name)
            elif name == FLAGGED and not row.value:
                self._draft(row).is_flagged = True
            else:
                self._draft(row).fields[name] = row.value or YES
        for row in self._rows.references:
            draft = self._draft(row)
            if draft.kind is LabelKind.ACTOR and draft.actor is None:
                draft.actor = row.value
            else:
                draft.notes.append(f"{row.name}: {row.value}")
        for row in self._rows.notes:
            if row.value:
                self._tell(row, row.value)

    def _tell(self, row: RemarkRow, words: str) -> None:
        """Add a note to a span; one on a relation to the span that it starts from."""
        relation = self._rows.relations.get(row.target)
        if relation is None:
            self._draft(row).notes.append(words)
        else:
            start = self._drafts[self._resolved(relation.from_id, relation.where)]
            start.notes.append(f"{self._names.of(relation.type)}: {words}")

    def _draft(self, row: RemarkRow) -> _Draft:
        return self._drafts[self._resolved(row.target, row.where)]


def _plain(role: str) -> str:
    """Return a role without the number that tells it from its like."""
    return role.rstrip("0123456789").casefold()


def _role(role: str) -> str:
    """Return the code of the link that a role stands for."""
    name = _plain(role)
    return _ENDS[name][0] if name in _ENDS else name if name in _CODES else role.rstrip("0123456789")


def _contents(event: EventRow) -> list[str]:
    return [to_id for role, to_id in event.arguments if _plain(role) in _CONTENTS]
