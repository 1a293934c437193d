"""Words with tags: every scheme of prefixes is read, spans end where words do, other programs read what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from exchange_examples import PIECES, documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.formats import bio, conll, hf_tokens
from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.formats.interface import Capabilities, WriteContext
from storage.formats.losses import Losses
from storage.formats.registry import format_for
from storage.formats.words import tokens, words
from storage.records import Fragment, LabelKind
from storage.text import is_grapheme_boundary


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("B-A I-A O B-A B-A", [(0, 2, "A"), (3, 4, "A"), (4, 5, "A")]),  # IOB2
        ("I-A I-A B-A O I-B", [(0, 2, "A"), (2, 3, "A"), (4, 5, "B")]),  # IOB1
        ("B-A E-A S-A S-B", [(0, 2, "A"), (2, 3, "A"), (3, 4, "B")]),  # BIOES
        ("B-A I-A L-A U-A U-A", [(0, 3, "A"), (3, 4, "A"), (4, 5, "A")]),  # BILOU
        ("B-A M-A E-A O", [(0, 3, "A")]),  # BMES
        ("A A O B", [(0, 2, "A"), (3, 4, "B")]),  # no prefixes
        ("B-A I-B I-A", [(0, 1, "A"), (1, 2, "B"), (2, 3, "A")]),
        ("B-X-ray I-X-ray _", [(0, 2, "X-ray")]),
        ("", []),
    ],
)
def test_schemes_of_prefixes(tags: str, found: list[tuple[int, int, str]]):
    assert bio.stretches(tags.split()) == found


TEXTS = st.lists(st.sampled_from([*PIECES, "word", "_x1", "Straße", "হিন্দি", ".", ","]), max_size=20).map("".join)


@given(text=TEXTS, data=st.data())
@settings(max_examples=100)
def test_words_are_whole_and_cover_all_but_white_space(text: str, data):
    edges = [pos for pos in range(len(text) + 1) if is_grapheme_boundary(text, pos)]
    cuts = data.draw(st.lists(st.sampled_from(edges), max_size=4)) if text else []
    found = words(text, [(cut, cut) for cut in cuts])
    covered = [pos for start, end in found for pos in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(
        text[pos].isspace() or not is_grapheme_boundary(text, pos) for pos in set(range(len(text))) - set(covered)
    )
    ends = {edge for word in found for edge in word}
    assert all(is_grapheme_boundary(text, edge) for edge in ends)
    inside = {pos for start, end in found for pos in range(start + 1, end)}
    assert not inside & set(cuts)
    rebuilt = "".join(text[start:end] + " " * space for start, end, space in tokens(text, [(cut, cut) for cut in cuts]))
    assert rebuilt == text


def span(number: int, label: str, text: str, quote: str) -> ExchangeSpan:
    kind = LabelKind.CLAIM if label == "Claim" else LabelKind.ACTOR
    start = text.index(quote)
    return ExchangeSpan(str(number), kind, label, (Fragment(start, start + len(quote)),))


TEXT = "Ilya Brandt went. Orsk's harbour\r\n\r\nis 🌊 closed!"
DOCUMENT = ExchangeDocument(
    title="Harbour",
    text=TEXT,
    spans=(
        span(1, "Person", TEXT, "Ilya Brandt"),
        span(2, "Head of state", TEXT, "Orsk"),
        span(3, "Claim", TEXT, "harbour\r\n\r\nis 🌊 closed"),
    ),
)


def test_written_conll_is_that_of_2003(tmp_path):
    losses = Losses()
    assert conll.write([DOCUMENT], tmp_path / "a.conll", WriteContext(losses=losses)) == 1
    assert (tmp_path / "a.conll").read_text("utf-8").split("\n") == [
        "-DOCSTART- -X- O O", "",
        "Ilya -X- O B-Person", "Brandt -X- O I-Person", "went -X- O O", ". -X- O O", "",
        "Orsk -X- O B-Head_of_state", "' -X- O O", "s -X- O O", "harbour -X- O B-Claim", "is -X- O I-Claim",
        "🌊 -X- O I-Claim", "closed -X- O I-Claim", "! -X- O O", "", "",
    ]  # fmt: skip
    assert {loss.what for loss in losses} == {"labels' names", "texts' blanks and line breaks"}
    (document,) = conll.read(tmp_path / "a.conll")
    assert document.text == "Ilya Brandt went .\nOrsk ' s harbour is 🌊 closed !"
    assert [(s.quote, s.label, s.kind) for s in document.spans] == [
        ("Ilya Brandt", "Person", LabelKind.ACTOR),
        ("Orsk", "Head_of_state", LabelKind.ACTOR),
        ("harbour is 🌊 closed", "Claim", LabelKind.CLAIM),
    ]


def labelled_words(document: ExchangeDocument) -> list[tuple[str, list[str]]]:
    cuts = [fragment for span in document.spans for fragment in span.fragments]
    found = words(document.text, cuts)
    return sorted(
        (
            "_".join(s.label.split()),
            [document.text[a:b] for a, b in found if s.fragments[0][0] <= a < s.fragments[0][1]],
        )
        for s in document.spans
    )


@given(found=documents(Capabilities()))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_conll_keeps_the_words_of_every_span(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("conll") / "a.conll"
    conll.write(found, path, WriteContext())
    for before, after in zip(found, conll.read(path), strict=True):
        assert "".join(after.text.split()) == "".join(
            "".join(before.text[start:end].split()) for start, end in words(before.text)
        )
        assert [(label, "".join(quote)) for label, quote in labelled_words(after)] == [
            (label, "".join(quote)) for label, quote in labelled_words(before)
        ]


def test_other_columns_and_separators_are_read(tmp_path):
    path = tmp_path / "a.bio"
    path.write_text("1\tNew\tB-LOC\r\n")
    (document,) = conll.read(path)
    assert document.spans[0].quote == "1"
    path.write_bytes("\ufeffOrsk NNP B-NP B-ORG\nfell VBD O O\n\n-DOCSTART-\n\nIt\tO\n".encode())
    first, second = conll.read(path)
    assert (first.text, first.spans[0].label, second.text) == ("Orsk fell", "ORG", "It")


@pytest.mark.parametrize(
    "content",
    [
        "# id = 1\n# text = Orsk fell # 3\n1\tOrsk\tB-LOC\n2\tfell\tO\n3\t#\tO\n4\t3\tO\n",  # as CoNLL-U and GermEval
        "# id 5a8\tdomain=en\nOrsk _ _ B-LOC\nfell _ _ O\n# _ _ O\n3 _ _ O\n",  # as MultiCoNER
        "#begin document (a); part 000\nOrsk B-LOC\nfell O\n# O\n3 O\n#end document\n",  # as CoNLL-2012
    ],
)
def test_remarks_and_numbers_of_words_are_no_words(tmp_path, content: str):
    (tmp_path / "a.conll").write_text(content)
    (document,) = conll.read(tmp_path / "a.conll")
    assert document.text == "Orsk fell # 3"
    assert [(span.quote, span.label) for span in document.spans] == [("Orsk", "LOC")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Orsk B-ORG\nalone\n", r"a\.conll, line 2: “alone” is not a word with its tag"),
        (b"\tO\n", "line 1: .* is not a word with its tag"),
        (b"-DOCSTART- -X- O O\n\n", "a.conll has no words"),
        (b"", "a.conll is empty"),
        (b"caf\xc3\xa9 O\n\xff\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 O\n", "a.conll .* broken on line 2"),
    ],
)
def test_what_is_wrong_in_conll_is_named_by_line(tmp_path, content: bytes, words: str):
    (tmp_path / "a.conll").write_bytes(content)
    with pytest.raises(RefusedInputError, match=words):
        list(conll.read(tmp_path / "a.conll"))


def test_text_files_that_are_conll_are_known_by_their_first_line(tmp_path):
    for name, content, found in [("a.txt", "-DOCSTART- -X- O O", "conll"), ("b.txt", "Plain.", "text")]:
        (tmp_path / name).write_text(content)
        format_ = format_for(tmp_path / name)
        assert format_ is not None
        assert format_.name == found


def test_spacy_converts_what_is_written(tmp_path):
    import spacy
    from spacy.cli.convert import convert
    from spacy.tokens import DocBin

    second = ExchangeDocument(title="b", text="Velmar 🌊 東岸!", spans=(span(1, "State", "Velmar 🌊 東岸!", "東岸"),))
    conll.write([DOCUMENT, second], tmp_path / "a.conll", WriteContext())
    convert(tmp_path / "a.conll", tmp_path, file_type="spacy", converter="ner", lang="en", silent=True)
    docs = list(DocBin().from_disk(tmp_path / "a.spacy").get_docs(spacy.blank("en").vocab))
    assert [(ent.text, ent.label_) for doc in docs for ent in doc.ents] == [
        ("Ilya Brandt", "Person"),
        ("Orsk", "Head_of_state"),
        ("harbour is 🌊 closed", "Claim"),
        ("東岸", "State"),
    ]


# -- Hugging Face -----------------------------------------------------------------------------------------------------


def row(**more: object) -> dict[str, object]:
    return {"tokens": ["Ilya", "Brandt", "fell"], "ner_tags": ["B-PER", "I-PER", "O"], **more}


def file_with(tmp_path: Path, *rows: object) -> Path:
    path = tmp_path / "train.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_rows_are_documents_with_or_without_their_text(tmp_path):
    rows = [
        row(id="7", pos_tags=[1, 2, 3], split="a"),
        row(text="Ilya  Brandt\nfell"),
        row(text="Ilya  Brandt\nfell", offsets=[[0, 4], [6, 12], [13, 17]], title="Fall"),
    ]
    found = list(hf_tokens.read(file_with(tmp_path, *rows)))
    assert [(d.text, d.spans[0].quote, d.spans[0].label) for d in found] == [
        ("Ilya Brandt fell", "Ilya Brandt", "PER"),
        ("Ilya  Brandt\nfell", "Ilya  Brandt", "PER"),
        ("Ilya  Brandt\nfell", "Ilya  Brandt", "PER"),
    ]
    assert [dict(d.meta) for d in found] == [{"split": "a"}, {}, {}]
    assert found[2].title == "Fall"


def test_numbers_of_tags_need_their_names(tmp_path):
    path = file_with(tmp_path, row(ner_tags=[1, 2, 0]))
    with pytest.raises(
        RefusedInputError, match=r"“ner_tags” has numbers, whose names should stand in dataset_info\.json"
    ):
        list(hf_tokens.read(path))
    names = {"feature": {"names": ["O", "B-PER", "I-PER"], "_type": "ClassLabel"}, "_type": "Sequence"}
    (tmp_path / "dataset_info.json").write_text(json.dumps({"features": {"ner_tags": names}}))
    (document,) = hf_tokens.read(path)
    assert (document.spans[0].quote, document.spans[0].label) == ("Ilya Brandt", "PER")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row(ner_tags=["O"]), "has 1 tags for 3 tokens"),
        (row(tokens=["a", 1, "b"]), "“tokens” must be a list of words"),
        (row(ner_tags=None), "“ner_tags” must be a list, not nothing"),
        (row(ner_tags=["O", {}, "O"]), "has an object, which is no tag"),
        (row(text="Ilya fell"), "“tokens” has “Brandt”, which the text does not have there"),
        (row(text="Ilya Brandt fell", offsets=[[0, 4]]), "has 1 places for 3 tokens"),
        (row(text="Ilya Brandt fell", offsets=[[0, 4], [4, 11], [12, 16]]), "leads to “Brandt”, where the token is"),
        (row(text="Ilya Brandt fell", offsets=[[0, 4], [4, 99], [12, 16]]), "not within the text"),
        (row(tokens=[], ner_tags=[]), "is empty"),
    ],
)
def test_what_is_wrong_in_rows_is_named_by_line(tmp_path, bad: object, words: str):
    with pytest.raises(RefusedInputError, match=rf"train\.jsonl, line 2.*{words}"):
        list(hf_tokens.read(file_with(tmp_path, row(), bad)))


def test_lines_are_rows_of_their_own_but_for_those_within_a_span(tmp_path):
    path = tmp_path / "out.jsonl"
    text = "One line.\n\nTwo\nlines of Orsk.\r\n  Three"
    found = ExchangeDocument(
        title="t", text=text, spans=(span(1, "Claim", text, "Two\nlines"), span(2, "State", text, "Orsk"))
    )
    assert hf_tokens.write([found, DOCUMENT], path, WriteContext(options={"rows": "lines"})) == 2
    rows = [(d.text, [(s.label, s.quote) for s in d.spans]) for d in hf_tokens.read(path)]
    assert rows[:3] == [
        ("One line.", []), ("Two\nlines of Orsk.", [("Claim", "Two\nlines"), ("State", "Orsk")]), ("Three", []),
    ]  # fmt: skip
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == ["0-0", "0-1", "0-2", "1-0"]


def test_arrow_reads_rows_as_datasets_does(tmp_path):
    from pyarrow import json as arrow

    path = tmp_path / "out.jsonl"
    assert hf_tokens.write([DOCUMENT], path, WriteContext()) == 1
    found = arrow.read_json(path)
    assert str(found.schema.field("tokens").type) == str(found.schema.field("ner_tags").type) == "list<item: string>"
    (first,) = found.to_pylist()
    assert first["tokens"][:3] == ["Ilya", "Brandt", "went"]
    assert first["ner_tags"][:3] == ["B-Person", "I-Person", "O"]
    assert [TEXT[start:end] for start, end in first["offsets"]] == first["tokens"]
    format_ = format_for(path)
    assert format_ is not None
    assert format_.name == "hf-tokens"
