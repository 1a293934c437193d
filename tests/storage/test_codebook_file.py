from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codebook_file import CodebookFile, format_codebook, parse_codebook, read_codebook, write_codebook
from storage.codebook_rules import COLOURS, KEYS, folded
from storage.codebooks import codebook_named, starter
from storage.errors import RefusedInputError, StorageFullError
from storage.records import Codebook, FieldRecord, FieldType, LabelKind, LabelRecord, LabelSettings, LinkTypeRecord

HEAD = 'format = "sayso-codebook"\nversion = 1\n'
LABEL = '[[labels]]\nkind = "actor"\nname = "State"\n'

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
names = texts.filter(str.strip)
kinds = st.sampled_from(LabelKind)


@st.composite
def codebooks(draw) -> Codebook:
    heads = draw(st.lists(st.tuples(kinds, names), max_size=6, unique_by=lambda pair: (pair[0], folded(pair[1]))))
    keys, colours = draw(st.permutations((*KEYS, None))), st.sampled_from(COLOURS)
    codes = draw(st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,9}", fullmatch=True), min_size=6, max_size=6, unique=True))
    labels = [
        LabelRecord(n + 1, kind, name, codes[n], draw(colours), keys[n], draw(texts), draw(texts), n)
        for n, (kind, name) in enumerate(heads)
    ]
    types = [
        LinkTypeRecord(n + 1, code, draw(names), draw(kinds), draw(kinds), draw(texts))
        for n, code in enumerate(draw(st.lists(names, max_size=3, unique=True)))
    ]
    fields = []
    for n, (kind, name) in enumerate(heads[:4]):
        type_ = draw(st.sampled_from(FieldType))
        choices = draw(st.lists(names, max_size=4, unique=True)) if type_ is FieldType.CHOICE else []
        fields.append(FieldRecord(n + 1, name, kind, type_, tuple(choices), draw(texts), n))
    settings = st.builds(LabelSettings, st.floats(0, 1), st.booleans())
    of_labels = {label.id: draw(settings) for label in labels if draw(st.booleans())}
    return Codebook(
        tuple(labels),
        tuple(types),
        tuple(fields),
        {label_id: one for label_id, one in of_labels.items() if one != LabelSettings()},
        draw(st.none() | st.lists(names, max_size=3, unique=True).map(tuple)),
        draw(st.booleans()),
    )


@given(codebooks(), texts, texts)
def test_what_was_written_is_read_back_as_it_was(codebook, name, description) -> None:
    book = CodebookFile(codebook, name, description)
    text = format_codebook(book)
    assert parse_codebook(text, "x") == book
    assert parse_codebook(text.replace("\n", "\r\n"), "x") == book
    assert format_codebook(parse_codebook(text, "x")) == text


def test_a_definition_of_several_lines_stands_on_several_lines() -> None:
    label = LabelRecord(1, LabelKind.ACTOR, "State", definition='First.\nSecond “quoted” and "so".')
    text = format_codebook(CodebookFile(Codebook((label,))))
    assert '\ndefinition = """\nFirst.\nSecond “quoted” and \\"so\\"."""\n' in text
    assert text.startswith("# A codebook of Sayso")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('colour = "pink"', "line 6: labels, entry 1, colour: The colour “pink” is none of"),
        ("color = 'blue'", "line 6: labels, entry 1, color: there is no such key"),
        ("key = 1", "line 6: labels, entry 1, key: it has to stand in quotation marks"),
        ('key = "12"', "line 6: labels, entry 1, key: The key “12” is none of 1 to 9"),
        ("least_score = 2", "line 6: labels, entry 1, least_score: it has to be a number from 0 to 1"),
        ('remember = "no"', "line 6: labels, entry 1, remember: it has to be true or false"),
        ('code = "St ate"', "line 6: labels, entry 1, code: The code “St ate” is not one word"),
        ('[[labels]]\nname = "x"', "line 6: labels, entry 2, kind: it is missing"),
        (
            '[[labels]]\nkind = "place"\nname = "x"',
            "line 7: labels, entry 2, kind: “place” is none of actor, claim, cue",
        ),
        ('[[labels]]\nkind = "actor"\nname = " "', "line 8: labels, entry 2, name: it is empty"),
        (
            '[[labels]]\nkind = "actor"\nname = "STATE"',
            "line 8: labels, entry 2, name: there is an earlier actor label",
        ),
        (
            'key="1"\n[[labels]]\nkind="cue"\nname="x"\nkey="1"',
            "line 10: labels, entry 2, key: “1” belongs to an earlier",
        ),
        ('definition = """\n[[labels]]\nkey = "12"\n"""\nkey = "12"', "line 10: labels, entry 1, key"),
        ('[[link_types]]\ncode="a"\nname="A"\nfrom="claim"', "line 6: link_types, entry 1, to: it is missing"),
        (
            '[[link_types]]\ncode="a"\nname="A"\nfrom="claim"\nto="cue"\n[[link_types]]\ncode="a"\nname="B"',
            "line 12: link_types, entry 2, code: “a” belongs to an earlier link type",
        ),
        (
            '[[fields]]\nkind="claim"\nname="A"\ntype="date"\nchoices=["x"]',
            "line 10: fields, entry 1, choices: only a choice has choices, and this is a date",
        ),
        ('[[fields]]\nkind="claim"\nname="A"\nchoices=["x", "x"]', "line 9: fields, entry 1, choices: a word stands"),
        ('[[fields]]\nkind="claim"\nname="A"\nchoices=[1]', "line 9: fields, entry 1, choices: it has to be a list"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(body, told) -> None:
    with pytest.raises(RefusedInputError) as refused:
        parse_codebook(HEAD + LABEL + body, "book.toml")
    assert str(refused.value).startswith(f"“book.toml”, {told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "“b” is no codebook of Sayso"),
        ('format = "other"', "is no codebook of Sayso"),
        ('format = "sayso-codebook"\nversion = 2', "line 2: version: this program reads version 1"),
        (HEAD + "extra = 1", "line 3: extra: there is no such key"),
        (HEAD + "labels = 3", "line 3: labels: each entry begins with a line"),
        (HEAD + "labels = [1]", "line 3: labels: each entry"),
        (HEAD + 'labels = [{kind = "actor"}]', "labels, entry 1, name: it is missing"),
        (HEAD + "name = 3", "line 3: name: it has to stand in quotation marks"),
        (HEAD + "[[labels", "is not in TOML's notation"),
        ("a = " + "[" * 100_000, "is not in TOML's notation"),
    ],
)
def test_what_is_no_codebook_is_refused(text, told) -> None:
    with pytest.raises(RefusedInputError) as refused:
        parse_codebook(text, "b")
    assert told in str(refused.value)


def test_files_that_cannot_be_read_are_refused(tmp_path) -> None:
    path = tmp_path / "book.toml"
    with pytest.raises(RefusedInputError, match="cannot be read: no such file"):
        read_codebook(path)
    path.write_bytes(b'a = "x"\nb = "\xff"\n')
    with pytest.raises(RefusedInputError, match=r"“book\.toml”, line 2: this is not UTF-8"):
        read_codebook(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(RefusedInputError, match="larger than any codebook"):
        read_codebook(path)


def test_a_file_is_written_whole_and_may_begin_with_a_mark(tmp_path) -> None:
    path = tmp_path / "book.toml"
    book = CodebookFile(Codebook((LabelRecord(1, LabelKind.CUE, "Cue"),)), "Orsk desk")
    write_codebook(path, book)
    assert read_codebook(path) == book
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_codebook(path) == book
    with pytest.raises(StorageFullError):
        write_codebook(tmp_path / "missing" / "book.toml", replace(book, name="Other"))


def test_name_that_ends_in_qdc_is_a_codebook_of_refi_qda(tmp_path: Path):
    book = starter("political-claims")
    write_codebook(tmp_path / "book.QDC", book)
    found = read_codebook(tmp_path / "book.QDC")
    assert (tmp_path / "book.QDC").read_text(encoding="utf-8").startswith("<?xml")
    assert [label.name for label in found.codebook.labels] == [label.name for label in book.codebook.labels]
    assert codebook_named(str(tmp_path / "book.QDC")) == found
