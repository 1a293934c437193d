"""WebAnno TSV 3.3: what INCEpTION writes is read, and another reader finds what is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from web_anno_tsv import open_web_anno_tsv

from storage.errors import RefusedInputError
from storage.formats import webanno
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import WriteContext
from storage.formats.registry import format_for
from storage.formats.webanno_cells import escaped_text, escaped_value, unescaped
from storage.records import Fragment, LabelKind, State

NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
POS = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS"

TEXT = "🌊 Velmar will, Taval said, withdraw.\r\nOrsk denied\\it. Who knows?\n"
MENTION = ExchangeSpan("m", LabelKind.ACTOR, "Person", (Fragment(15, 20),), fields={"Tone_x": "a|b"})
INNER = ExchangeSpan("i", LabelKind.ACTOR, "State", (Fragment(2, 8),), state=State.REJECTED, note="[so]\n*")
CLAIM = ExchangeSpan("q", LabelKind.CLAIM, "Claim", (Fragment(2, 13), Fragment(27, 35)))
HALF = ExchangeSpan("h", LabelKind.CUE, "Cue", (Fragment(44, 48),))
DOCUMENT = ExchangeDocument(
    title="Straits",
    text=TEXT,
    spans=(MENTION, INNER, CLAIM, HALF),
    links=(ExchangeLink("1", "speaker", "q", "m"), ExchangeLink("2", "cue", "q", "h")),
)


def written(tmp_path: Path) -> Path:
    webanno.write([DOCUMENT], tmp_path / "out", WriteContext())
    (file,) = (tmp_path / "out").iterdir()
    return file


def read_text(path: Path, content: str) -> ExchangeDocument:
    path.write_text(content, encoding="utf-8", newline="")
    (document,) = webanno.read(path)
    return document


def test_file_is_laid_out_as_the_format_says(tmp_path: Path):
    lines = written(tmp_path).read_text(encoding="utf-8").split("\n")

    assert lines[:3] == [
        "#FORMAT=WebAnno TSV 3.3",
        "#T_SP=custom.Span|label|kind|part|state|note|field_Tone_x5F_x",
        "#T_RL=custom.Link|label|BT_custom.Span",
    ]
    assert lines[3:6] == ["", "", "#Text=🌊 Velmar will, Taval said, withdraw.\\r"]
    assert lines[6] == "1-1\t0-2\t🌊" + "\t_" * 8 + "\t"
    assert lines[7].startswith("1-2\t3-9\tVelmar\tState[1]|Claim[2]\tactor[1]|claim[2]\t*[1]|3[2]\trejected[1]|*[2]\t")
    assert "\\[so\\]\\n\\*[1]|*[2]" in lines[7]
    assert [line for line in lines if line.startswith("1-5\t")] == [
        "1-5\t16-21\tTaval\tPerson\tactor\t*\t*\t*\ta\\|b\tspeaker\t1-2[2_0]\t"
    ]
    assert "#Text=Orsk denied\\\\it. " in lines
    assert [line.split("\t")[:3] for line in lines if line.startswith("2-3")] == [["2-3", "45-49", "enie"]]
    assert lines[-6:-2] == ["#Text=Who knows?", "#Text=", *lines[-4:-2]]


def test_another_reader_finds_sentences_and_spans(tmp_path: Path):
    text = TEXT.replace("\\", "-")  # which it leaves escaped
    webanno.write([replace(DOCUMENT, text=text, spans=(MENTION, CLAIM), links=())], tmp_path / "out", WriteContext())
    (file,) = (tmp_path / "out").iterdir()

    with open_web_anno_tsv(str(file)) as sentences:
        found = list(sentences)

    assert [sentence.text.rstrip("r\\\n ") for sentence in found] == [
        "🌊 Velmar will, Taval said, withdraw.",
        "Orsk denied-it.",
        "Who knows?",
    ]
    assert {(each.text, each.start) for each in found[0].annotations} == {
        ("Velmar will", 2),
        ("Taval", 15),
        ("withdraw", 27),
    }


def test_layers_of_inception_become_labels_fields_and_links(tmp_path: Path):
    content = f"""#FORMAT=WebAnno TSV 3.3
#T_SP={POS}|PosValue
#T_SP={NER}|identifier|value
#T_SP=webanno.custom.Quote|form|ROLE_webanno.custom.Quote:Speakers_webanno.custom.QuoteSpeakersLink|{NER}
#T_CH=de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink|referenceType|referenceRelation
#T_RL=webanno.custom.Ally|since|BT_{NER}


#Text=Ida Taval and 🌊 Orsk said
#Text=it rained.
1-1\t0-3\tIda\tNNP\tQ7[1]\tPER[1]\t_\t_\t_\tpr[1]\tcoref->1-1\t_\t_\t
1-2\t4-9\tTaval\tNNP\tQ7[1]\tPER[1]\t_\t_\t_\t_\t_\t_\t_\t
1-3\t10-13\tand\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t
1-4\t14-16\t🌊\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t
1-5\t17-21\tOrsk\t_\t*\tORG\t_\t_\t_\t_\t_\t2031|*\t1-1[1_0]|1-9\t
1-5.1\t17-18\tO\t_\t*\tLetter\\_x\t_\t_\t_\t_\t_\t_\t_\t
1-6\t22-26\tsaid\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t
1-7\t27-29\tit\t_\t_\t_\tindirect[2]\tspeaker;*[2]\t1-1[1];1-5\t_\t_\t_\t_\t
1-8\t30-36\trained\t_\t_\t_\tindirect[2]\tspeaker;*[2]\t1-1[1];1-5\t_\t_\t_\t_\t
1-9\t36-37\t.\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t

#Sentence.id=s2
#Text=Next.
2-1\t40-44\tNext\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t
2-2\t44-45\t.\t_\t_\t_\t_\t_\t_\t_\t_\t_\t_\t
"""
    found = read_text(tmp_path / "note.tsv", content)

    assert found.text == "Ida Taval and 🌊 Orsk said\nit rained.\n  Next."
    assert [(span.label, span.kind, span.quote, dict(span.fields)) for span in found.spans] == [
        ("PER", LabelKind.ACTOR, "Ida Taval", {"identifier": "Q7"}),
        ("ORG", LabelKind.ACTOR, "Orsk", {}),
        ("Letter_x", LabelKind.ACTOR, "O", {}),
        ("Quote", LabelKind.CLAIM, "it rained", {"form": "indirect"}),
    ]
    quotes = {span.id: span.quote for span in found.spans}
    assert [(link.type, quotes[link.from_id], quotes[link.to_id]) for link in found.links] == [
        ("Ally", "Ida Taval", "Orsk"),
        ("speaker", "it rained", "Ida Taval"),
        ("Speakers", "it rained", "Orsk"),
    ]
    assert found.meta["not imported"] == "CoreferenceLink (1), POS (2), relations without two ends (1)"


def test_stacks_slots_without_roles_and_marks_between_characters(tmp_path: Path):
    content = """#FORMAT=WebAnno TSV 3.3
#T_SP=webanno.custom.Actor|
#T_SP=webanno.custom.Quote|ROLE_webanno.custom.Quote:by_webanno.custom.QuoteLink|webanno.custom.Actor
#T_SP=webanno.custom.Mark|value


#Text=Orsk told Mira Holt
1-1\t0-4\tOrsk\t*\t_\t_\t_\t
1-1.1\t2-2\t\t_\t_\t_\there\t
1-2\t5-9\ttold\t_\t*;to|_[5]\t1-1;1-3[4]|*\t_\t
1-2.1\t7-9\tld\t_\t_\t_\tx[6]|y[7]\t
1-3\t10-14\tMira\t*[4]\t_\t_\tx[6]\t
1-4\t15-19\tHolt\t*[4]\t_\t_\t_\t
1-4.1\t15-16\tH\t_\t_\t_\tx[6]\t
"""
    found = read_text(tmp_path / "note.tsv", content)

    quotes = {span.id: span.quote for span in found.spans}
    assert [(span.label, span.quote) for span in found.spans] == [
        ("Actor", "Orsk"),
        ("Quote", "told"),
        ("Quote", "told"),
        ("x", "ld Mira H"),
        ("y", "ld"),
        ("Actor", "Mira Holt"),
    ]
    assert [(link.type, quotes[link.from_id], quotes[link.to_id]) for link in found.links] == [
        ("by", "told", "Orsk"),
        ("to", "told", "Mira Holt"),
    ]
    assert found.meta["not imported"] == "annotations without words (1)"


def test_file_of_a_script_that_counts_code_points_is_understood(tmp_path: Path):
    content = f"#FORMAT=WebAnno TSV 3.2\n#T_SP={NER}|value\n\n\n#Text=🌊 Orsk\n1-1\t0-1\t🌊\t_\n1-2\t2-6\tOrsk\tORG\n"
    found = read_text(tmp_path / "note.tsv", content)
    assert [span.quote for span in found.spans] == ["Orsk"]


@pytest.mark.parametrize("text", ["a\tb\n\r\f\b\\", "\\t", "->[x_y]|*;", "\x01\\\x02"])
def test_what_is_escaped_comes_back(text: str):
    assert unescaped(escaped_text(text)) == text
    assert unescaped(escaped_value(text)) == text


HEAD = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={NER}|value\n\n\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "does not begin with"),
        ("#FORMAT=WebAnno TSV 2.0\n", "does not begin with"),
        (HEAD, "is cut off, or holds no sentence"),
        (HEAD + "#Text=Orsk said", "is cut off, or holds no sentence"),
        (HEAD + "1-1\t0-4\tOrsk\tORG\n", "is no word"),
        (HEAD + "#Text=Orsk\n1-1\t0-4\tOrsk\n", "line 6: it has fewer columns"),
        (HEAD + "#Text=Orsk\nOrsk\tORG\n", "line 6: “Orsk\tORG” is no word"),
        (HEAD + "#Text=Orsk\n1-1\t0-40\tOrsk\tORG\n", "the words are not where their offsets say"),
        (HEAD + "#Text=Orsk said\n1-1\t0-4\tOrsk\tORG\n1-2\t6-9\tsaid\t_\n", "the words are not where"),
        (HEAD + "#Text=Orsk\n1-1\t999999999-999999999\tOrsk\tORG\n", "the words are not where"),
        ("#FORMAT=WebAnno TSV 3.3\n#T_SP=|\n", "line 2: “#T_SP=|” declares no layer"),
        ("#FORMAT=WebAnno TSV 3.3\n#T_XX=a|b\n", "line 2: “#T_XX=a|b” declares no layer"),
        ("#FORMAT=WebAnno TSV 3.3\n#T_RL=a|b\n", "line 2: the relation a does not say what it joins"),
    ],
)
def test_broken_files_are_refused_with_file_and_line(tmp_path: Path, content: str, why: str):
    with pytest.raises(
        RefusedInputError, match="(?s)bad.tsv.*(" + why.replace("|", r"\|").replace(r"\|no", "|no") + ")"
    ):
        read_text(tmp_path / "bad.tsv", content)


def test_bytes_that_are_no_utf8_are_refused_with_their_line(tmp_path: Path):
    path = tmp_path / "bad.tsv"
    path.write_bytes(HEAD.encode() + b"#Text=\xe9")
    with pytest.raises(RefusedInputError, match=r"bad\.tsv, line 5: not UTF-8"):
        list(webanno.read(path))


def test_file_is_known_by_its_first_line(tmp_path: Path):
    found = format_for(written(tmp_path))
    assert found is not None
    assert found.name == "webanno"
    (tmp_path / "table.tsv").write_text("id\ttext\n1\tOrsk\n")
    other = format_for(tmp_path / "table.tsv")
    assert other is None or other.name != "webanno"
