"""PolNeAR (924 annotated articles, several people, split contents) goes in and comes out with the same events.

The events are read here once more in the plainest way, from the files as they are and from what Sayso wrote of them.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from storage.exporting import written
from storage.formats import brat
from storage.formats.brat_folder import Pair, pairs
from storage.formats.exchange import ExchangeDocument
from storage.formats.interface import WriteContext
from storage.formats.losses import Losses
from storage.formats.registry import format_named
from storage.importing import import_paths
from storage.text import trim

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "polnear"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/polnear")

Place = tuple[tuple[int, int], ...]
Event = tuple[str, Place, frozenset[Place], frozenset[Place]]


def events_of(annotation: str, text: str) -> Counter[Event]:
    """The attributions of a file: type, contents, cues (the trigger is one) and sources."""
    places: dict[str, Place] = {}
    found: Counter[Event] = Counter()
    for row_id, ranges in re.findall(r"^(T\d+)\t\S+ ([\d ;]+)\t", annotation, re.MULTILINE):
        pieces = (trim(text, *map(int, piece.split())) for piece in ranges.split(";"))
        places[row_id] = tuple(sorted(tuple(piece) for piece in pieces if piece))
    for row in re.findall(r"^E\d+\t(.+)", annotation, re.MULTILINE):
        (type_, trigger), *arguments = (word.split(":") for word in row.split())
        roles: dict[str, set[Place]] = {"Content": set(), "Cue": set(), "Source": set()}
        for role, row_id in arguments:
            roles[role.rstrip("0123456789")].add(places[row_id])
        content = tuple(sorted(piece for place in roles["Content"] for piece in place))
        if places[trigger] != content:
            roles["Cue"].add(places[trigger])
        if content:
            found[type_, content, frozenset(roles["Cue"]), frozenset(roles["Source"])] += 1
    return found


def spans_of(annotation: str, text: str, *, has_triggers: bool = False) -> set[Place]:
    """Where spans stand."""
    triggers = set() if has_triggers else set(re.findall(r"^E\d+\t\S+?:(T\d+)", annotation, re.MULTILINE))
    found = set()
    for row_id, ranges in re.findall(r"^(T\d+)\t\S+ ([\d ;]+)\t", annotation, re.MULTILINE):
        if row_id not in triggers:
            pieces = (trim(text, *map(int, piece.split())) for piece in ranges.split(";"))
            found.add(tuple(sorted(tuple(piece) for piece in pieces if piece)))
    return found


def go_round(text: Path, annotation: Path, folder: Path) -> tuple[str, ExchangeDocument]:
    """Return the annotations that come out, and the document between."""
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.txt").write_bytes(text.read_bytes())
    (folder / "in" / "a.ann").write_bytes(annotation.read_bytes())
    (document,) = brat.read(folder / "in")
    brat.write([document], folder / "out", WriteContext(options={"claims": "events"}))
    (written,) = (folder / "out").glob("*.ann")
    assert written.with_suffix(".txt").read_bytes() == text.read_bytes()
    return written.read_bytes().decode(), document


def compare(found: list[Pair], folder: Path) -> int:
    """Compare the events and the spans of these documents, person by person; return how many events there were."""
    count = 0
    for number, (pair, path) in enumerate((one, path) for one in found for _, path in one.annotations):
        text, before = pair.text.read_bytes().decode(), path.read_bytes().decode()
        after, document = go_round(pair.text, path, folder / str(number))
        events = events_of(before, text)
        # What an event without a content has for a trigger is a claim of its own (two in all of PolNeAR).
        more = [content for _, content, cues, _ in events_of(after, text) - events if content in cues]
        assert events - events_of(after, text) == Counter(), path.name
        assert len(more) == events_of(after, text).total() - events.total(), path.name
        claims = [span for span in document.spans if "event" in span.fields]
        assert len(claims) == events.total()
        # Nothing is lost but the parts of contents that are one claim now, and added but those claims and triggers
        # that stand where no cue does.
        joined = {piece for _, content, _, _ in events for piece in content if len(content) > 1}
        lost = spans_of(before, text) - spans_of(after, text)
        assert all(joined.issuperset(place) for place in lost), path.name
        added = spans_of(after, text) - spans_of(before, text, has_triggers=True)
        assert added <= {content for _, content, _, _ in events}, path.name
        count += events.total()
    return count


def test_sample_goes_round(tmp_path):
    found = list(islice(pairs(CORPUS / "dev"), 0, None, 7))
    assert len(found) == 12
    assert compare(found, tmp_path) > 200


def test_sample_goes_through_a_project(project, tmp_path):
    found = list(islice(pairs(CORPUS / "dev"), 0, None, 12))
    for pair in found:
        text, (_, annotation) = pair.text, pair.annotations[0]
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / text.name).write_bytes(text.read_bytes())
        (tmp_path / "in" / text.name.replace(".txt", ".ann")).write_bytes(annotation.read_bytes())
    report = import_paths(project, [tmp_path / "in"])
    assert (report.documents, report.refused.count) == (len(found), 0)
    losses = Losses()
    documents, context = written(project, format_named("brat"), losses, options={"claims": "events"})
    assert brat.write(documents, tmp_path / "out", context) == len(found)
    for pair in found:
        text = pair.text.read_bytes().decode()
        (after,) = (tmp_path / "out").glob(f"*{pair.text.stem}.ann")
        before = pair.annotations[0][1].read_bytes().decode()
        assert events_of(after.read_bytes().decode(), text) == events_of(before, text)


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("SAYSO_SLOW"), reason="set SAYSO_SLOW to take all 924 documents")
def test_everything_goes_round(tmp_path):
    counts = {part: compare(list(pairs(CORPUS / part)), tmp_path / part) for part in ("dev", "train")}
    assert counts == {"dev": 2319, "train": 22465}
