"""Files damaged at random places: each is refused with a sentence that names the file, or read as something sound."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.formats.interface import WriteContext
from storage.formats.losses import Losses, reduced
from storage.formats.registry import format_named
from storage.records import Fragment, LabelKind
from storage.text import check_fragments, check_text

DOCUMENT = ExchangeDocument(
    title="Straits",
    text="🌊 Velmar will, Taval said, withdraw.\r\nOrsk denied it. Who knows?",
    id="1",
    date="2031-04-02",
    meta={"pages": 1},
    spans=(
        ExchangeSpan("m", LabelKind.ACTOR, "Person", (Fragment(15, 20),), actor="Ida Taval", fields={"Tone": "x"},
                     note="so", is_flagged=True, analyst="Ines", decided_at="2031-04-02T10:00:00Z", score=0.5),
        ExchangeSpan("c", LabelKind.CUE, "Cue", (Fragment(21, 25),)),
        ExchangeSpan("q", LabelKind.CLAIM, "Claim", (Fragment(2, 13), Fragment(27, 35))),
    ),
    links=(ExchangeLink("1", "speaker", "q", "m"), ExchangeLink("2", "cue", "q", "c")),
    reviewed=(Fragment(0, 20),),
    stretches=(ExchangeStretch("page", 0, 30, "1"),),
)  # fmt: skip

TOKENS = [
    *(b"-1", b"99999999999999999999", b"null", b"[]", b"{}", b'""', b"NaN", b"true", b"\xff", b"\0", b"<", b"&x;"),
    *(b"_", b"*", b"|", b"\t", b"\n", b"1.5", b"1-1", b"[1]", b"\\u0000", b"\\ud800", b"claim", b'"'),
]
NUMBERS = [b"0", b"1", b"7", b"66", b"99999", b"-3", b"x", b"1e9"]
VALUES = [b'""', b'" "', b"null", b"3", b"[1]", b'{"a":1}', b'"x"']


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with one to three things cut out, put in, doubled or exchanged."""
    found = bytearray(data)

    def exchange(pattern: bytes, by: list[bytes]) -> None:
        places = list(re.finditer(pattern, bytes(found)))
        if places:
            place = chance.choice(places)
            found[place.start() : place.end()] = chance.choice(by)

    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(found) + 1)
        changes: list[Callable[[], object]] = [
            lambda at=at: found.__delitem__(slice(at, at + chance.randint(1, 30))),
            lambda at=at: found.__setitem__(slice(at, at + chance.randint(0, 5)), chance.choice(TOKENS)),
            lambda at=at: found.__setitem__(slice(at, at), bytes(found[max(at - 20, 0) : at + 20])),
            lambda at=at: found.__delitem__(slice(at, None)),
            lambda: exchange(rb"\d+", NUMBERS),
            lambda: exchange(rb'"[^"]*"', VALUES),
        ]
        chance.choice(changes)()
    return bytes(found)


def damaged_archive(data: bytes, chance: random.Random) -> bytes:
    """Return a ZIP of which the project is damaged, not the archive, which would refuse everything."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stream, "w") as made:
        for name in archive.namelist():
            content = archive.read(name)
            made.writestr(name, damaged(content, chance) if name.endswith(".qde") else content)
    return stream.getvalue()


def check(document: ExchangeDocument) -> None:
    check_text(document.text)
    assert document.title.strip()
    ids = {span.id for span in document.spans}
    assert len(ids) == len(document.spans)
    for span in document.spans:
        check_fragments(document.text, span.fragments)
        assert span.label.strip()
        assert span.score is None or 0 <= span.score <= 1
        assert all(isinstance(value, str) for value in [*span.fields.values(), span.note, span.reason])
    for link in document.links:
        assert link.type
        assert {link.from_id, link.to_id} <= ids
        assert link.from_id != link.to_id
    json.dumps(dict(document.meta), allow_nan=False)


@pytest.mark.parametrize("name", ["xmi", "webanno", "w3c", "citron", "refi"])
def test_damaged_files_are_refused_or_sound(name: str, tmp_path: Path):
    format_ = format_named(name)
    out = tmp_path / ("out" if format_.is_folder else f"out{format_.extensions[0]}")
    format_.writer().write(reduced([DOCUMENT], format_.holds, "it", Losses()), out, WriteContext())
    file = next(path for path in ([out] if out.is_file() else out.iterdir()) if path.suffix in format_.extensions)
    whole = file.read_bytes()
    chance = random.Random(5)
    refusals: list[str] = []
    for _ in range(200):
        file.write_bytes((damaged_archive if name == "refi" else damaged)(whole, chance))
        try:
            for found in format_.reader().read(file):
                if isinstance(found, ExchangeDocument):
                    check(found)
        except RefusedInputError as refusal:
            refusals.append(str(refusal))
    assert 0 < len(refusals) < 200
    assert [refusal for refusal in refusals if file.name not in refusal] == []
