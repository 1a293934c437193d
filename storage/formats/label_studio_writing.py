"""Tasks for Label Studio, and beside them the labelling interface that shows them.

What is confirmed is one annotation of a task, what nobody has decided on a prediction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from storage.formats import json_metadata
from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.json_lines import line_of
from storage.formats.parts import apart
from storage.records import FieldType, State
from storage.text import quote_of

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

#: Controls of a region that are no fields.
ACTOR = "actor"
FLAGGED = "flagged"
_LABEL, _TEXT = "label", "text"
_RESERVED = {ACTOR, FLAGGED, _LABEL, _TEXT}
_PREFIX = "field-"


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a task for each document, whole or not at all, and the interface beside; return the number of documents.

    Raises:
        StorageFullError: a file cannot be written.
    """
    choices = {item.name for item in context.codebook.fields if item.type is FieldType.CHOICE}
    seen = _Seen({item.name: item.choices for item in context.codebook.fields if item.name in choices})
    count = 0
    with atomic_writer(path) as stream:
        stream.write("[")
        for document in documents:
            count += 1
            task = _task(count, apart(document), seen)
            stream.write(("\n" if count == 1 else ",\n") + line_of(task).rstrip("\n"))
        stream.write("\n]\n")
    with atomic_writer(config_beside(path)) as stream:
        stream.write(seen.config())
    return count


def config_beside(path: Path) -> Path:
    """Return where the labelling interface is written."""
    return path.with_name(f"{path.stem}.config.xml")


def reserved(name: str) -> str:
    """Return what the control of a field is called: its name, unless that is one of those that are no fields."""
    return f"{_PREFIX}{name}" if name in _RESERVED or name.startswith(_PREFIX) else name


def unreserved(name: str) -> str:
    """Return the field whose control has this name."""
    return name.removeprefix(_PREFIX)


class _Seen:
    """The controls that the tasks need, in the order in which they came."""

    def __init__(self, choices: Mapping[str, Iterable[str]]) -> None:
        self.choices = {name: dict.fromkeys(values) for name, values in choices.items()}
        self.labels: dict[str, None] = {}
        self.fields: dict[str, None] = {}
        self.links: dict[str, None] = {}

    def config(self) -> str:
        """Return the labelling interface."""
        lines = ["<View>", '  <Labels name="label" toName="text">']
        lines += [f"    <Label value={quoteattr(label)}/>" for label in self.labels]
        lines += ["  </Labels>", '  <Text name="text" value="$text"/>']
        for name in self.fields:
            attributes = f'name={quoteattr(reserved(name))} toName="text" perRegion="true"'
            if name in self.choices:
                values = "".join(f"<Choice value={quoteattr(value)}/>" for value in self.choices[name])
                lines.append(f"  <Choices {attributes}>{values}</Choices>")
            else:
                lines.append(f"  <TextArea {attributes}/>")
        lines.append(f'  <TextArea name="{ACTOR}" toName="text" perRegion="true"/>')
        lines.append(f'  <Choices name="{FLAGGED}" toName="text" perRegion="true"><Choice value="yes"/></Choices>')
        values = "".join(f"<Relation value={quoteattr(link)}/>" for link in self.links)
        return "\n".join([*lines, f"  <Relations>{values}</Relations>", "</View>", ""])


def _task(number: int, document: ExchangeDocument, seen: _Seen) -> dict[str, Any]:
    confirmed = list(_result(document, State.CONFIRMED, seen))
    suggested = list(_result(document, State.SUGGESTED, seen))
    annotation = {"id": number, "was_cancelled": False, "ground_truth": False, "result": confirmed}
    prediction = {"id": number, "model_version": "sayso", "result": suggested}
    return {
        "id": number,
        "annotations": [annotation],
        "predictions": [prediction] if suggested else [],
        "data": json_metadata.told(document) | {_TEXT: document.text},
    }


def _result(document: ExchangeDocument, state: State, seen: _Seen) -> Iterator[dict[str, Any]]:
    """Yield the regions of a state, what belongs to each, and relations."""
    for span in document.spans:
        if span.state == state:
            yield from _region(document.text, span, seen)
    for link in document.links:
        if link.state == state:
            seen.links[link.type] = None
            yield _relation(link)


def _region(text: str, span: ExchangeSpan, seen: _Seen) -> Iterator[dict[str, Any]]:
    (fragment,) = span.fragments
    place = {"start": fragment.start_cp, "end": fragment.end_cp}
    seen.labels[span.label] = None
    value = place | {"text": quote_of(text, [fragment]), "labels": [span.label]}
    region = _item(span.id, _LABEL, "labels", value)
    yield region | {"meta": {"text": [span.note]}} if span.note else region
    for name, said in span.fields.items():
        if said:
            seen.fields[name] = None
            is_choice = name in seen.choices
            if is_choice:
                seen.choices[name][said] = None
            key, type_ = ("choices", "choices") if is_choice else ("text", "textarea")
            yield _item(span.id, reserved(name), type_, place | {key: [said]})
    if span.actor is not None:
        yield _item(span.id, ACTOR, "textarea", place | {"text": [span.actor]})
    if span.is_flagged:
        yield _item(span.id, FLAGGED, "choices", place | {"choices": ["yes"]})


def _item(region: str, control: str, type_: str, value: dict[str, Any]) -> dict[str, Any]:
    item = {"id": region, "from_name": control, "to_name": _TEXT, "type": type_, "origin": "manual"}
    return item | {"value": value}


def _relation(link: ExchangeLink) -> dict[str, Any]:
    ends = {"from_id": link.from_id, "to_id": link.to_id}
    return {"type": "relation", **ends, "direction": "right", "labels": [link.type]}
