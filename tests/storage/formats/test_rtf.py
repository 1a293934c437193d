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
    for head in (rb"\mac", rb"\ansi\ansicpg10000"):
        assert next(read(saved(tmp_path, rb"{\rtf1" + head + rb" Caf\'8e \'d2no\'d3\par}"))).text == "Café “no”"


def test_what_is_no_text_stays_out_and_notes_boxes_and_tables_come_in(tmp_path: Path):
    data = (
        rb"{\rtf1\ansi{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}{\colortbl;\red255;}"
        rb"{\info{\title Harbour accord}{\author Council of Velmar}{\operator x}}{\header page head\par}"
        rb"Velmar denied it.{\footnote{\chftn} Orsk Times, p.\~3}{\*\bkmkstart x} {\v hidden}{\deleted gone}"
        rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt a link}}\par "
        rb"{\shp{\*\shpinst\shpleft1{\sp{\sn a}{\sv b}}{\shptxt In a box\par}}{\shprslt old}}"
        rb"\f1 \'c2\'e5\f0  \'e9\par {\pict\bin5 }}}}}\'00}"
        rb"\trowd\intbl Port\cell Ships\cell\row\trowd\intbl Taval\par too\cell 12\cell\row\pard End.\par}rubbish"
    )

    (document,) = read(saved(tmp_path, data))

    assert document.text == (
        "Velmar denied it.[1] a link\n\nIn a box\n\nВе é\n\nPort\tShips\nTaval too\t12\n\nEnd.\n\n"
        "[1] Orsk Times, p.\xa03"
    )
    assert (document.title, document.source) == ("Harbour accord", "Council of Velmar")


def test_characters_of_two_bytes_and_their_stand_ins(tmp_path: Path):
    data = rb"{\rtf1{\fonttbl{\f3\fcharset128 Mincho;}}\f3\'93\'8c\'8a\'dd\uc2 \u26481\'93\'8c.\uc0\u233 !}"

    assert next(read(saved(tmp_path, data))).text == "東岸東.é!"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"Velmar waits.", "is not a Rich Text document"),
        (rb"{\rtf1\ansi {\pict 0102}}", "has no text"),
        (rb"{\rtf1 \bin99999999 x}", "has no text"),
    ],
)
def test_what_is_no_rich_text_is_refused(tmp_path: Path, data: bytes, why: str):
    with pytest.raises(RefusedInputError, match=rf"a\.rtf {why}"):
        list(read(saved(tmp_path, data)))


def test_encoding_that_does_not_exist_is_named(tmp_path: Path):
    with pytest.raises(RefusedInputError, match=r"a\.rtf cannot be read as “klingon”"):
        list(read(saved(tmp_path, rb"{\rtf1 x}"), encoding="klingon"))


@pytest.mark.parametrize(
    "data",
    [
        *(
            b"{" * 300_000,
            b"}" * 300_000,
            b"\\'",
            b"\\u" * 300_000,
            b"\\u99999999" * 50_000,
            b"{\\fonttbl" + b"\\f0" * 200_000,
        ),
        b"{\\field{\\*\\fldinst{" * 50_000,
    ],
)
def test_broken_files_end_in_the_text_that_is_sound(tmp_path: Path, data: bytes):
    (document,) = read(saved(tmp_path, rb"{\rtf1 Velmar " + data))

    assert document.text.startswith("Velmar")
