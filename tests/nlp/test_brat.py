"""Brat folders are read with code point offsets, in both of their layouts."""

import pytest

from nlp.brat import BratError, read_brat, read_folder
from nlp.suggestion import Range

_TEXT = "Ann Lee 🌊 said\r\nthat taxes will fall."


def _at(words):
    start = _TEXT.index(words)
    return Range(start, start + len(words))


def _line(name, label, *words):
    return f"{name}\t{label} {';'.join(f'{start} {end}' for start, end in map(_at, words))}\t{' '.join(words)}\n"


_EVENT = (
    _line("T1", "Source", "Ann Lee")
    + _line("T2", "Cue", "said")
    + _line("T3", "Content", "that", "will fall")
    + _line("T4", "Attribution", "said")
    + "E1\tAttribution:T4 Cue:T2 Source:T1 Content:T3\n"
    + _line("T5", "Content", "taxes")
    + "#1\tAnnotatorNotes T1\thm\n"
)


def test_reads_events_with_fragments_and_leaves_out_spans_beside_them():
    gold = read_brat(_TEXT, _EVENT)
    assert [item.code for item in gold.spans] == ["cue", "speaker", "claim"]
    assert gold.spans[2].fragments == (_at("that"), _at("will fall"))
    assert sorted(gold.links) == [("cue", 2, 0), ("speaker", 2, 1)]


def test_reads_spans_and_relations_without_events():
    notes = _line("T1", "Person", "Ann Lee") + _line("T2", "Claim", "taxes will fall") + _line("T3", "Mood", "🌊")
    gold = read_brat(_TEXT, notes + "R1\tSpeaker Arg1:T2 Arg2:T1\t\r\n")
    assert [item.code for item in gold.spans] == ["person", "claim", "mood"]
    assert gold.links == (("speaker", 1, 0),)


@pytest.mark.parametrize(("texts", "notes"), [("", ""), ("text", "attributions")])
def test_reads_both_layouts_and_the_first_annotator(tmp_path, texts, notes):
    for folder in {tmp_path / texts, tmp_path / notes}:
        folder.mkdir(exist_ok=True)
    for name in ("b", "a", "plain"):
        (tmp_path / texts / f"{name}.txt").write_bytes(_TEXT.encode())
    (tmp_path / notes / "a.ann").write_text(_EVENT, encoding="utf-8")
    (tmp_path / notes / "b_2f00.ann").write_text(_line("T1", "Claim", "said"), encoding="utf-8")
    (tmp_path / notes / "b_1f00.ann").write_text(_EVENT, encoding="utf-8")
    found = read_folder(tmp_path)
    assert [item.title for item in found] == ["a", "b"]
    assert [len(item.spans) for item in found] == [3, 3]
    assert found[0].text == _TEXT


def test_a_folder_without_annotations_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(BratError, match="holds no text"):
        read_folder(tmp_path)


def test_a_span_outside_its_text_names_file_and_line(tmp_path):
    (tmp_path / "a.txt").write_text("short", encoding="utf-8")
    (tmp_path / "a.ann").write_text("#1\tx\nT1\tClaim 2 9\tort\n", encoding="utf-8")
    with pytest.raises(BratError, match=r"“a.ann”, line 2: the span 2 9 lies outside the text of 5 characters"):
        read_folder(tmp_path)


def test_a_text_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "a.ann").write_text("", encoding="utf-8")
    with pytest.raises(BratError, match=r"a\.txt"):
        read_folder(tmp_path)
