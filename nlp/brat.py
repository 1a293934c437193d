"""Read brat folders as documents with right spans, so that suggestions can be compared with them.

A folder holds `NAME.txt` and `NAME.ann` side by side, or the texts in `text/` and the annotations in `attributions/`.
Where several people annotated a document (`NAME_1f0c.ann`), the first by name counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from nlp.evaluate import GoldDocument, GoldSpan
from nlp.suggestion import ACTOR_CODES, CLAIM_CODE, CUE, CUE_CODE, SPEAKER, TARGET, Range

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_SPAN = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t|$)")
_EVENT = re.compile(r"E\d+\t(.+)")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:(T\d+) Arg2:(T\d+)")
_ANNOTATOR = re.compile(r"_[0-9a-f]{4}$")
#: What the roles of an attribution are called here; a source is the end of a speaker link.
_ROLES = {"content": CLAIM_CODE, "cue": CUE_CODE, "source": SPEAKER}
_LABELS = {
    **{code: code for code in (*ACTOR_CODES, CLAIM_CODE, CUE_CODE)},
    "organization": "organisation",
    "org": "organisation",
    "per": "person",
    "gpe": "state",
    **_ROLES,
}
_LINKS = {CUE: CUE, SPEAKER: SPEAKER, TARGET: TARGET, "source": SPEAKER}


class BratError(ValueError):
    """A folder or a file in it is no brat annotation; the text is one sentence for people."""


def read_folder(folder: Path) -> list[GoldDocument]:
    """Return the annotated documents of a folder by name; texts without annotations are left out.

    Raises:
        BratError: the folder has no annotated document, or a file of it cannot be read.
    """
    texts, notes = folder / "text", folder / "attributions"
    if not (texts.is_dir() and notes.is_dir()):
        texts = notes = folder
    annotations: dict[str, Path] = {}
    for path in sorted(notes.glob("*.ann")):
        for name in (path.stem, _ANNOTATOR.sub("", path.stem)):
            annotations.setdefault(name, path)
    pairs = [(path, annotations[path.stem]) for path in sorted(texts.glob("*.txt")) if path.stem in annotations]
    if not pairs:
        raise BratError(f"“{folder}” holds no text (.txt) with annotations (.ann) of the same name.")
    return [_read_pair(text, annotation) for text, annotation in pairs]


def _read_pair(text: Path, annotation: Path) -> GoldDocument:
    try:
        return read_brat(_read(text), _read(annotation), title=text.stem)
    except BratError as error:
        raise BratError(f"“{annotation.name}”, {error}") from error


def _read(path: Path) -> str:
    # Without `newline` a "\r\n" would become one character, and every offset after it would be wrong.
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise BratError(f"“{path.name}” is not in UTF-8.") from error
    except OSError as error:
        raise BratError(f"“{path.name}” cannot be read: {error.strerror}.") from error


def read_brat(text: str, annotations: str, *, title: str = "") -> GoldDocument:
    """Read one document: spans and relations by their labels, or events with the roles Source, Cue and Content.

    Where there are events, contents become claims, cues cues, sources the ends of speaker links, and spans with
    one of these roles outside events are left out. Labels that suggesters do not know keep their name in lower case.

    Raises:
        BratError: a span lies outside the text; the message begins with its line.
    """
    ranges: dict[str, tuple[str, tuple[Range, ...]]] = {}
    events: list[list[str]] = []
    relations: list[tuple[str, str, str]] = []
    for number, row in enumerate(annotations.split("\n"), start=1):
        line = row.rstrip("\r")
        if (match := _SPAN.match(line)) is not None:
            ranges[match[1]] = match[2].lower(), _fragments(match[3], len(text), number)
        elif (match := _EVENT.match(line)) is not None:
            events.append(match[1].split())
        elif (match := _RELATION.match(line)) is not None:
            relations.append((match[1].lower(), match[2], match[3]))
    spans: list[GoldSpan] = []
    links: list[tuple[str, int, int]] = []
    for arguments in events:
        places = _add_event(arguments, ranges, spans)
        if CLAIM_CODE in places:
            links += [(code, places[CLAIM_CODE], place) for code, place in places.items() if code != CLAIM_CODE]
    places = _add_spans(ranges, spans, has_events=bool(events))
    links += [
        (_LINKS.get(code, code), places[start], places[end])
        for code, start, end in relations
        if start in places and end in places
    ]
    return GoldDocument(text, tuple(spans), tuple(links), title=title)


def _fragments(numbers: str, length_cp: int, line: int) -> tuple[Range, ...]:
    found = tuple(sorted(Range(*map(int, piece.split())) for piece in numbers.split(";")))
    if any(not start < end <= length_cp for start, end in found):
        raise BratError(f"line {line}: the span {numbers} lies outside the text of {length_cp} characters.")
    return found


def _add_event(
    arguments: list[str], ranges: Mapping[str, tuple[str, tuple[Range, ...]]], spans: list[GoldSpan]
) -> dict[str, int]:
    """Add the spans of one event and return where each role's span is."""
    roles: dict[str, list[Range]] = defaultdict(list)
    for argument in arguments[1:]:
        role, _, name = argument.partition(":")
        code = _ROLES.get(role.rstrip("0123456789").lower())
        if code is not None and name in ranges:
            roles[code].extend(ranges[name][1])
    places = {}
    for code, found in roles.items():
        places[code] = len(spans)
        spans.append(GoldSpan(code, tuple(sorted(found))))
    return places


def _add_spans(
    ranges: Mapping[str, tuple[str, tuple[Range, ...]]], spans: list[GoldSpan], *, has_events: bool
) -> dict[str, int]:
    """Add the spans that stand for themselves and return the place of each."""
    places = {}
    for name, (label, fragments) in _standing(ranges, has_events=has_events):
        places[name] = len(spans)
        spans.append(GoldSpan(_LABELS.get(label, label), fragments))
    return places


def _standing(
    ranges: Mapping[str, tuple[str, tuple[Range, ...]]], *, has_events: bool
) -> Iterator[tuple[str, tuple[str, tuple[Range, ...]]]]:
    for name, (label, fragments) in ranges.items():
        if not (has_events and (label in _ROLES or label.startswith("attribution"))):
            yield name, (label, fragments)
