"""Rich Text: the words without the looks."""

from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats.rtf import read


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "a.rtf"
    path.write_bytes(data)
    return path


def test_paragraphs_signs_and_emoji(tmp_path: Path):
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}{\info{\title hidden}}"
        rb"\f0 Velmar \b said\b0  \ldblquote no\rdblquote  in Z\'fcrich.\par "
        rb"Orsk\tab waits \u-10179?\u-8704?.\par}"
    )

    (document,) = read(saved(tmp_path, data))

    assert document.text == "Velmar said “no” in Zürich.\n\nOrsk\twaits \U0001f600."
    assert document.encoding == "cp1252"


def test_code_page_of_the_file_and_of_the_analyst(tmp_path: Path):
    data = rb"{\rtf1\ansi\ansicpg1251 \'c2\'e5\'eb\'fc\'ec\'e0\'f0\par}"

    assert next(read(saved(tmp_path, data))).text == "Вельмар"
    assert next(read(saved(tmp_path, data), encoding="cp1252")).text == "Âåëüìàð"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"Velmar waits.", "is not a Rich Text document"),
        (rb"{\rtf1\ansi {\pict 0102}}", "has no text"),
        (rb"{\rtf1 \u99999999999999999999999 x}", "cannot be read as Rich Text"),
    ],
)
def test_what_is_no_rich_text_is_refused(tmp_path: Path, data: bytes, why: str):
    with pytest.raises(RefusedInputError, match=rf"a\.rtf {why}"):
        list(read(saved(tmp_path, data)))


@pytest.mark.parametrize("data", [b"{" * 200_000, b"}" * 200_000, b"\\'", b"\\u" * 100_000, b"{\\field" * 20_000])
def test_broken_files_end_in_text_or_in_one_sentence(tmp_path: Path, data: bytes):
    try:
        list(read(saved(tmp_path, rb"{\rtf1 Velmar " + data)))
    except RefusedInputError as error:
        assert "a.rtf" in str(error)  # noqa: PT017  (either is right)
