"""What the inspector shows of a span, gathered from the session: words, links, fields, where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gui.panels.inspector_data import ActorData, FieldData, InspectorData, OverlapData, PartyData
from gui.widgets.runs import RunStyle, TextRun
from storage.records import ActorRecord, LabelKind, LabelRecord, LinkRecord, Origin, RunRecord, SpanRecord, State

if TYPE_CHECKING:
    from gui.session import Session

#: A pill in the quote of a claim is only drawn where it has this much room; longer quotes are cut anyway.
_MOST_PARTS = 40

#: What analysts did to a span, as it is told afterwards; other operations go by their names.
_DONE = {
    "accept": "accepted",
    "reject": "rejected",
    "draw": "drawn",
    "relabel": "relabelled",
    "resize": "resized",
    "delete": "deleted",
    "never suggest": "rejected for good",
    "annotate": "note or flag set",
    "set field": "field set",
    "link": "linked",
    "unlink": "link taken away",
    "link actor": "actor chosen",
    "link mentions": "actor chosen",
    "unlink mentions": "actor taken away",
    "create actor": "actor created",
    "merge actors": "actors merged",
}

#: Operations of suggesters, which are told of as what they proposed.
_MACHINE = frozenset({"suggest", "remember"})


class InspectorFeed:
    """Answers from one document's spans and links; asks the project only for what the view does not hold."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._labels = {label.id: label for label in session.codebook.labels}
        self._types = {link_type.id: link_type.code for link_type in session.codebook.link_types}
        self._registry: dict[int, ActorRecord | None] = {}
        self._runs: dict[int | None, RunRecord | None] = {}
        self._analysts: dict[int | None, str] = {}

    def forget_actors(self) -> None:
        """Read what is needed of the registry anew: it has changed."""
        self._registry.clear()

    def data(
        self,
        span: SpanRecord,
        around: Sequence[SpanRecord],
        near: Sequence[SpanRecord],
        links: Sequence[LinkRecord],
        spans: Mapping[int, SpanRecord],
    ) -> InspectorData:
        """Return what is to be told about a span. `around` are the spans at the cursor, `near` all in its blocks."""
        label = self._labels[span.label_id]
        shown = [link for link in links if link.from_id == span.id and link.state != State.REJECTED]
        actor = self._actor(span)
        return InspectorData(
            span_id=span.id,
            kind=label.kind,
            label=label.name,
            colour=label.colour,
            state=span.state,
            quote=span.quote,
            score=span.score,
            parts=self._parts(span, label, near),
            speakers=self._parties(shown, "speaker", spans),
            cues=self._parties(shown, "cue", spans),
            targets=self._parties(shown, "target", spans),
            fields=self._fields(span, label.kind),
            note=span.note,
            is_flagged=span.is_flagged,
            provenance=self._provenance(span),
            actor=actor,
            overlapping=tuple(self._overlap(other) for other in around),
        )

    def _parties(
        self, links: Sequence[LinkRecord], code: str, spans: Mapping[int, SpanRecord]
    ) -> tuple[PartyData, ...]:
        parties = []
        for link in links:
            end = spans.get(link.to_id)
            if self._types.get(link.type_id) != code or end is None or end.state == State.REJECTED:
                continue
            label = self._labels[end.label_id]
            record = self._registry_entry(end)
            name = record.name if record else ""
            parties.append(PartyData(end.quote, label.colour, end.state == State.SUGGESTED, name))
        return tuple(parties)

    def _parts(self, span: SpanRecord, label: LabelRecord, near: Sequence[SpanRecord]) -> tuple[TextRun, ...]:
        """Cut a claim's quote into runs, the mentions in it as pills."""
        if label.kind != LabelKind.CLAIM:
            return ()
        runs: list[TextRun] = []
        offset_cp = 0
        for number, fragment in enumerate(span.fragments):
            if number:
                runs.append(TextRun(" … "))
                offset_cp += 1
            quote = span.quote[offset_cp : offset_cp + fragment.end_cp - fragment.start_cp]
            offset_cp += len(quote)
            at = 0
            for mention in self._mentions_in(fragment.start_cp, fragment.end_cp, near):
                start, end = mention.start_cp - fragment.start_cp, mention.end_cp - fragment.start_cp
                runs.append(TextRun(quote[at:start]))
                colour = self._labels[mention.label_id].colour
                runs.append(TextRun(quote[start:end], RunStyle.PILL, colour, mention.state == State.SUGGESTED))
                at = end
            runs.append(TextRun(quote[at:]))
            if len(runs) > _MOST_PARTS:
                break
        return tuple(run for run in runs if run.text)

    def _mentions_in(self, start_cp: int, end_cp: int, near: Sequence[SpanRecord]) -> list[SpanRecord]:
        """Return the mentions inside a range, outermost of each place only, in text order."""
        inside = [
            other
            for other in near
            if start_cp <= other.start_cp
            and other.end_cp <= end_cp
            and other.state != State.REJECTED
            and self._labels[other.label_id].kind == LabelKind.ACTOR
        ]
        chosen: list[SpanRecord] = []
        for other in sorted(inside, key=lambda item: (item.start_cp, -item.end_cp)):
            if not chosen or other.start_cp >= chosen[-1].end_cp:
                chosen.append(other)
        return chosen

    def _fields(self, span: SpanRecord, kind: LabelKind) -> tuple[FieldData, ...]:
        fields = [field for field in self._session.codebook.fields if field.kind == kind]
        if not fields:
            return ()
        from storage.queries import fields_of

        values = (self._session.ask(fields_of, [span.id]) or {}).get(span.id, {})
        return tuple(
            FieldData(
                field.id,
                field.name,
                field.type,
                field.choices,
                values.get(field.id, ""),
                field.definition,
                key="" if number else "F",
            )
            for number, field in enumerate(fields)
        )

    def _provenance(self, span: SpanRecord) -> tuple[str, ...]:
        from storage.provenance import analysts, history_of, runs

        lines = []
        if span.run_id not in self._runs or span.analyst_id not in self._analysts:
            self._runs = {None: None} | (self._session.ask(runs) or {})
            self._analysts = {None: ""} | (self._session.ask(analysts) or {})
        names, run = self._analysts, self._runs.get(span.run_id)
        if run is not None:
            version = f" {run.version}" if run.version else ""
            lines.append(" · ".join(part for part in (f"{run.suggester}{version}", span.reason) if part))
        elif span.origin == Origin.IMPORT:
            lines.append("came in with an import")
        entries = [entry for entry in self._session.ask(history_of, span.id) or [] if entry.operation not in _MACHINE]
        if run is not None:
            lines.append(f"{_moment(span.created_at)} suggested")
        lines += [
            f"{_moment(entry.at)} {_DONE.get(entry.operation, entry.operation)} · {names.get(entry.analyst_id, '?')}"
            for entry in entries[-6:]
        ]
        if span.state == State.SUGGESTED:
            lines.append("not decided yet")
        return tuple(lines)

    def _registry_entry(self, span: SpanRecord) -> ActorRecord | None:
        if span.actor_id is None:
            return None
        from storage.registry_queries import actor_record

        if span.actor_id not in self._registry:
            self._registry[span.actor_id] = self._session.ask(actor_record, span.actor_id)
        return self._registry[span.actor_id]

    def _actor(self, span: SpanRecord) -> ActorData | None:
        record = self._registry_entry(span)
        if record is None:
            return None
        from storage.queries import mentions_of

        mentions, documents = self._session.ask(mentions_of, record.id) or (0, 0)
        label = self._labels.get(record.label_id) if record.label_id is not None else None
        return ActorData(record.name, label.name if label else "", record.aliases, mentions, documents, record.notes)

    def _overlap(self, span: SpanRecord) -> OverlapData:
        label = self._labels[span.label_id]
        return OverlapData(span.id, label.kind, label.name, label.colour, span.quote, span.state)


def _moment(stamp: str) -> str:
    """Return a stored moment in local time, short."""
    try:
        local = datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return stamp
    return f"{local.day} {local:%b %H:%M}"
