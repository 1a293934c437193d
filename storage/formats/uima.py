"""Spans and links as annotations of UIMA, for the formats of INCEpTION and WebAnno (XMI, TSV).

Sayso writes one layer of spans and one of relations, so that a relation may join any two spans. Features hold strings,
and what is not there is left out. A span of several fragments is several annotations with the same `part`. Of other
layers, the feature that names the kind of thing becomes the label and the rest become fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeLink, ExchangeSpan
from storage.formats.foreign import moment
from storage.formats.mapping import guess_kind
from storage.records import Fragment, LabelKind, Origin, State

SPAN = "custom.Span"
LINK = "custom.Link"
#: The features of a relation that lead to its two ends.
SOURCE, TARGET = "Governor", "Dependent"

SPAN_FEATURES = (
    *("label", "kind", "part", "state", "actor", "note", "flagged"),
    *("origin", "suggester", "score", "reason", "analyst", "decidedAt"),
)
LINK_FEATURES = ("label", "state", "origin", "suggester", "score", "analyst", "decidedAt")

_FIELD = "field_"
_CORE = "de.tudarmstadt.ukp.dkpro.core.api."
#: Words, sentences and the like, which every document has, and what INCEpTION keeps for itself.
_NEVER = (
    *(_CORE + "segmentation.", _CORE + "metadata.", "uima.", "org.dkpro.core.api.xml."),
    *("de.tudarmstadt.ukp.clarin.webanno.", "de.tudarmstadt.ukp.inception.", "webanno.internal."),
)
#: What taggers and parsers found: no annotations of actors or claims.
_LINGUISTIC = (_CORE + "lexmorph.", _CORE + "syntax.", _CORE + "coref.", _CORE + "anomaly.", _CORE + "transform.")
_LABEL_FEATURES = ("label", "value", "category", "class", "tag", "type", "role", "kind", "name", "code", "reltype")
_ENCODED = re.compile("_x([0-9A-F]{2,6})_")
_Choice = TypeVar("_Choice", LabelKind, State, Origin)


def is_segmentation(layer: str) -> bool:
    """Return whether a layer holds words, sentences or a tool's own records."""
    return layer.startswith(_NEVER)


def is_linguistic(layer: str) -> bool:
    """Return whether a layer holds what taggers and parsers find."""
    return layer.startswith(_LINGUISTIC)


def short_name(layer: str) -> str:
    """Return a layer's name without its package."""
    return layer.rstrip(". ").rpartition(".")[2] or "annotation"


def field_feature(name: str) -> str:
    """Return the feature that holds a field: letters and digits stay, others become `_x20_` (their code point)."""
    safe = re.sub(r"[^A-Za-z0-9_]|_(?=x)", lambda match: f"_x{ord(match.group()):02X}_", name)
    return _FIELD + safe


def field_name(feature: str) -> str | None:
    """Return the field that a feature of Sayso's layer holds, if any."""
    if not feature.startswith(_FIELD):
        return None
    return _ENCODED.sub(_decoded, feature.removeprefix(_FIELD))


def _decoded(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return chr(code) if code < 0x11_0000 and not 0xD800 <= code < 0xE000 and code else match[0]


def span_features(span: ExchangeSpan, part: str | None) -> dict[str, str]:
    """Return the features of one annotation of a span; `part` joins it to those of its other fragments."""
    found: dict[str, str | None] = {
        "label": span.label,
        "kind": span.kind.value,
        "part": part,
        "actor": span.actor,
        "note": span.note or None,
        "flagged": "true" if span.is_flagged else None,
        "reason": span.reason or None,
        **_decision(span),
    }
    found |= {field_feature(name): value for name, value in span.fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def link_features(link: ExchangeLink) -> dict[str, str]:
    """Return the features of a relation, without its ends."""
    found = {"label": link.type, **_decision(link)}
    return {name: value for name, value in found.items() if value is not None}


def _decision(item: ExchangeSpan | ExchangeLink) -> dict[str, str | None]:
    return {
        "state": None if item.state == State.CONFIRMED else item.state.value,
        "origin": None if item.origin == Origin.IMPORT else item.origin.value,
        "suggester": item.suggester,
        "score": None if item.score is None else repr(item.score),
        "analyst": item.analyst,
        "decidedAt": item.decided_at,
    }


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation as a file holds it: its layer and features, and what it covers (None: white space only)."""

    id: str
    layer: str
    features: Mapping[str, str]
    fragment: Fragment | None


def spans_of(annotations: list[Annotation], where: str) -> tuple[list[ExchangeSpan], dict[str, str]]:
    """Return the spans that annotations stand for, and of which span each annotation (by id) is.

    Raises:
        RefusedInputError: a value of Sayso's own layer is none that it writes.
    """
    parts: dict[tuple[str, str], list[Annotation]] = {}
    for annotation in annotations:
        part = annotation.features.get("part") if annotation.layer == SPAN else None
        parts.setdefault((part or "", "" if part else annotation.id), []).append(annotation)
    spans, span_ids = [], {}
    for group in parts.values():
        fragments = sorted({annotation.fragment for annotation in group if annotation.fragment is not None})
        if any(second.start_cp < first.end_cp for first, second in pairwise(fragments)):
            raise RefusedInputError(f"{where}: parts of one “{group[0].features.get('label')}” overlap.")
        if fragments:
            spans.append(_span(group[0], tuple(fragments), where))
            span_ids.update({annotation.id: group[0].id for annotation in group})
    return spans, span_ids


def _span(annotation: Annotation, fragments: tuple[Fragment, ...], where: str) -> ExchangeSpan:
    features = annotation.features
    if annotation.layer != SPAN:
        label, fields = _label_and_fields(annotation)
        kind = guess_kind(f"{short_name(annotation.layer)} {label}")
        return ExchangeSpan(annotation.id, kind, label, fragments, fields=fields)
    label = features.get("label", "")
    if not label.strip():
        raise RefusedInputError(f"{where}: a span has no label.")
    fields = {name: value for feature, value in features.items() if (name := field_name(feature)) is not None}
    return ExchangeSpan(
        id=annotation.id,
        kind=_choice(LabelKind, features, "kind", guess_kind(label), where),
        label=label,
        fragments=fragments,
        actor=features.get("actor") or None,
        fields=fields,
        note=features.get("note", ""),
        is_flagged=features.get("flagged") == "true",
        reason=features.get("reason", ""),
        **_decided(features, where),
    )


def link_of(relation: Annotation, from_id: str, to_id: str, where: str) -> ExchangeLink:
    """Return the link that a relation stands for."""
    if relation.layer == LINK and relation.features.get("label", "").strip():
        decided = _decided(relation.features, where)
        return ExchangeLink(relation.id, relation.features["label"], from_id, to_id, **decided)
    label, _ = _label_and_fields(relation)
    return ExchangeLink(relation.id, label, from_id, to_id)


def _label_and_fields(annotation: Annotation) -> tuple[str, dict[str, str]]:
    """Return the value that tells what an annotation of another tool is, or the name of its layer; and the rest."""
    features = {name: value for name, value in annotation.features.items() if value.strip()}
    by_name = {name.casefold(): name for name in reversed(features)}
    chosen = next((by_name[name] for name in _LABEL_FEATURES if name in by_name), None)
    label = " ".join(features.pop(chosen).split()) if chosen is not None else short_name(annotation.layer)
    return label, features


def _decided(features: Mapping[str, str], where: str) -> dict[str, Any]:
    score = features.get("score")
    try:
        number = None if score is None else float(score)
    except ValueError as error:
        raise RefusedInputError(f"{where}: the score “{score}” is not a number.") from error
    if number is not None and not 0 <= number <= 1:
        raise RefusedInputError(f"{where}: the score {number} is not between 0 and 1.")
    return {
        "state": _choice(State, features, "state", State.CONFIRMED, where),
        "origin": _choice(Origin, features, "origin", Origin.IMPORT, where),
        "suggester": features.get("suggester") or None,
        "score": number,
        "analyst": features.get("analyst") or None,
        "decided_at": moment(features.get("decidedAt"), where),
    }


def _choice(kind: type[_Choice], features: Mapping[str, str], name: str, default: _Choice, where: str) -> _Choice:
    value = features.get(name)
    if value is None:
        return default
    try:
        return kind(value)
    except ValueError as error:
        raise RefusedInputError(f"{where}: “{value}” is no {name} that Sayso knows.") from error
