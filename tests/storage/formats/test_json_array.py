"""Items of a JSON array come one by one, wherever the file is cut into pieces, and what is broken is named."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.formats import json_array
from storage.formats.json_array import read_array

ITEMS = st.lists(
    st.dictionaries(st.text(max_size=3), st.text(max_size=9) | st.lists(st.integers()), max_size=3), max_size=5
)
BLANKS = st.text(" \n\t\r", max_size=3)


def items_of(path: Path) -> list[dict[str, object]]:
    return [item.rest for _, item in read_array(path, "task")]


@given(items=ITEMS, blank=BLANKS, chunk=st.integers(1, 20))
def test_items_come_whole_wherever_pieces_end(tmp_path_factory, items, blank: str, chunk: int):
    path = tmp_path_factory.mktemp("array") / "a.json"
    for ascii_only in (True, False):
        told = [json.dumps(item, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass") for item in items]
        if any("\\u0000" in str(piece) or "\\ud" in str(piece).lower() for piece in told):
            continue
        between = blank.encode() + b"," + blank.encode()
        path.write_bytes(blank.encode() + b"[" + blank.encode() + between.join(told) + b"]" + blank.encode())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(json_array, "_CHUNK_BYTES", chunk)
            assert items_of(path) == items


def test_single_object_is_an_item(tmp_path):
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf {"a": 1}\n')
    assert items_of(tmp_path / "a.json") == [{"a": 1}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'[{"a": 1}, {"b": ', "a.json, task 2: it is not JSON or was cut off"),
        (b'[{"a": 1}', "a.json: after task 1 it is not JSON or was cut off"),
        (b'[{"a": 1} {"b": 2}]', "after task 1 it is not JSON"),
        (b'[{"a": 1},]', "task 2: it is not JSON"),
        (b'[{"a": NaN}]', "task 1: .*NaN"),
        (b'[{"a": {"b": 1, "b": 1}}]', "task 1: it has the key “b” twice"),
        (b'[{"a": ' + b"9" * 6000 + b"}]", "task 1: .*thousands of digits"),
        (b'[{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}]", "task 1: it has lists within lists without end"),
        (b"[" * 200_000, "lists within lists|cut off"),
        (b'[{"a": "\\ud83d"}]', "task 1: .*half a character"),
        (b'[{"a": "\\u0000"}]', "task 1: .*NUL"),
        (b'[{"a": "\xff"}]', "a.json: not UTF-8"),
        (b'[{"a": "\xc3', "a.json: not UTF-8"),
        (b"[1, 2]", "task 1: it must be an object in braces, not 1"),
        (b'{"a": 1} x', "something follows after the end"),
        (b'[{"a": 1}] x', "something follows after the end"),
        (b"", "not JSON"),
        (b"\xff\xfe[\0]\0", "not UTF-8"),
    ],
)
def test_what_is_broken_is_named(tmp_path, content: bytes, words: str):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(RefusedInputError, match=words):
        items_of(tmp_path / "a.json")


def test_item_without_end_is_refused_before_memory_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(json_array, "MAX_LINE_BYTES", 1_000_000)
    (tmp_path / "a.json").write_bytes(b'[{"a": "' + b"x" * 4_000_000)
    with pytest.raises(RefusedInputError, match="one item is larger than"):
        items_of(tmp_path / "a.json")


def test_memory_does_not_grow_with_the_number_of_items(tmp_path):
    item = json.dumps({"text": "x" * 5000})
    peaks = []
    for count in (200, 2000):
        (tmp_path / "a.json").write_text("[" + ",\n".join([item] * count) + "]")
        tracemalloc.start()
        assert sum(1 for _ in read_array(tmp_path / "a.json", "task")) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
