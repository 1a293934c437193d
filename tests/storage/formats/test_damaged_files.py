"""Whatever a file says, reading it gives documents that can be kept, or one sentence; no other error."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from exchange_examples import documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument
from storage.formats.interface import EVERYTHING, WriteContext
from storage.formats.losses import Losses, reduced
from storage.formats.registry import format_for, format_named
from storage.text import check_fragments, check_text, quote_of

FORMATS = ("brat", "prodigy", "doccano", "label-studio", "hf-tokens", "conll", "jsonl")

#: What breaks readers that trust: signs of the formats themselves, numbers, halves of characters, white space.
PIECES = [
    b"", b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\n", b"\t", b" ", b"\r", b"0", b"-1", b"99999", b"1e9",
    b"NaN", b"null",
    b"true", b'"x"', b"[]", b"{}", b"\xff", b"\xc3", b"\xf0\x9f\x8c\x8a", b"\\ud83d", b"\\u0000", b"\0",
    b"T1", b"E1", b"R1", b"#1", b"A1", b"N1", b"*", b"-DOCSTART-", b";", b'"id"', b'"text"', b'"start"', b'"label"',
    b"_",
]  # fmt: skip


def damaged(data: bytes, draw) -> bytes:
    """Replace up to three short stretches."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.sampled_from(PIECES)) + data[at + draw(st.integers(0, 4)) :]
    return data


def check(document: ExchangeDocument) -> None:
    """Check what the database takes for granted."""
    check_text(document.text)
    ids = [span.id for span in document.spans]
    assert len(ids) == len(set(ids))
    for span in document.spans:
        check_fragments(document.text, span.fragments)
        assert span.quote == quote_of(document.text, span.fragments)
        assert span.label.strip()
    known = set()
    for link in document.links:
        assert link.from_id != link.to_id
        assert {link.from_id, link.to_id} <= set(ids)
        key = (link.type, link.from_id, link.to_id)
        assert key not in known
        known.add(key)


def read(name: str, path: Path) -> None:
    """Read a file, and check the documents and the sentence if there is one."""
    sentence = "."
    try:
        for document in format_named(name).reader().read(path):
            if isinstance(document, ExchangeDocument):
                check(document)
    except RefusedInputError as error:
        sentence = str(error)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 600


@pytest.mark.parametrize("name", FORMATS)
@given(found=documents(EVERYTHING), data=st.data())
@settings(
    max_examples=int(os.environ.get("SAYSO_DAMAGE", "20")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_damage_gives_a_sentence_or_sound_documents(name: str, tmp_path_factory, found, data):
    format_ = format_named(name)
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / f"out{'' if format_.is_folder else format_.extensions[0]}"
    format_.writer().write(reduced(found, format_.holds, format_.title, Losses()), path, WriteContext())
    files = sorted(path.iterdir()) if format_.is_folder else [path]
    victim = data.draw(st.sampled_from(files), label="file")
    victim.write_bytes(damaged(victim.read_bytes(), data.draw))
    for file in (path, *files[:1]):
        format_for(file)
    read(name, path)
    shutil.rmtree(folder)


@given(data=st.binary(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
@settings(max_examples=int(os.environ.get("SAYSO_DAMAGE", "100")), suppress_health_check=[HealthCheck.too_slow])
def test_no_reader_trips_over_bytes_that_are_not_of_its_format(tmp_path_factory, data: bytes):
    folder = Path(tmp_path_factory.mktemp("bytes"))
    (folder / "a.txt").write_bytes(b"Some text of Taval.")
    (folder / "a.ann").write_bytes(data)
    (folder / "b.json").write_bytes(data)
    for name in FORMATS:
        path = folder if name == "brat" else folder / "b.json"
        read(name, path)
    shutil.rmtree(folder)
