"""UIMA CAS XMI: cassis reads what is written, and what INCEpTION writes is read."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats import xmi
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, LeftOut
from storage.formats.folder import read_file
from storage.formats.interface import WriteContext
from storage.formats.losses import Losses
from storage.formats.registry import format_for
from storage.records import Fragment, LabelKind, State

TEXT = "🌊 Velmar will, Taval said, withdraw.\r\nOrsk\x0cdenied it."
MENTION = ExchangeSpan("m", LabelKind.ACTOR, "Person", (Fragment(15, 20),), actor="Ida Taval", fields={"Rôle x": "<a>"})
CUE = ExchangeSpan("c", LabelKind.CUE, "Cue", (Fragment(21, 25),), state=State.REJECTED, note='"so"\n', is_flagged=True)
CLAIM = ExchangeSpan("q", LabelKind.CLAIM, "Claim", (Fragment(2, 13), Fragment(27, 35)), score=0.25)
DOCUMENT = ExchangeDocument(
    title="Straits / I",
    text=TEXT,
    language="en",
    spans=(MENTION, CUE, CLAIM),
    links=(ExchangeLink("1", "speaker", "q", "m"), ExchangeLink("2", "cue", "q", "c")),
)

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:tcas="http:///uima/tcas.ecore"
 xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
 xmlns:pos="http:///de/tudarmstadt/ukp/dkpro/core/api/lexmorph/type/pos.ecore"
 xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"
 xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/>
"""


def write_xmi(path: Path, structures: str, text: str = "Taval &amp; Orsk said 🌊 it rained.") -> Path:
    sofa = f'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{text}"/>'
    path.write_text(f'{HEAD}{structures}{sofa}<cas:View sofa="1" members="2 3"/></xmi:XMI>')
    return path


def read_one(path: Path) -> ExchangeDocument:
    (document,) = xmi.read(path)
    return document


def cassis_cases(folder: Path) -> Iterator[object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its dependencies
        import cassis

        types = cassis.load_typesystem((folder / "TypeSystem.xml").open("rb"))
        for file in sorted(folder.glob("*.xmi")):
            yield cassis.load_cas_from_xmi(file.open("rb"), typesystem=types)


def test_cassis_reads_spans_links_and_fields_of_what_is_written(tmp_path: Path):
    xmi.write([DOCUMENT], tmp_path / "out", WriteContext())

    (cas,) = cassis_cases(tmp_path / "out")

    assert cas.sofa_string == TEXT.replace("\x0c", "\ufffd")
    found = [(span.label, span.kind, span.get_covered_text(), span.part) for span in cas.select("custom.Span")]
    assert found == [
        ("Claim", "claim", "Velmar will", "3"),
        ("Person", "actor", "Taval", None),
        ("Cue", "cue", "said", None),
        ("Claim", "claim", "withdraw", "3"),
    ]
    mention = cas.select("custom.Span")[1]
    assert (mention.actor, mention["field_R_xF4_le_x20_x"]) == ("Ida Taval", "<a>")
    links = {(link.label, link.Governor.get_covered_text(), link.Dependent.get_covered_text())
             for link in cas.select("custom.Link")}  # fmt: skip
    assert links == {("speaker", "Velmar will", "Taval"), ("cue", "Velmar will", "said")}
    (metadata,) = cas.select("de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData")
    assert (metadata.documentTitle, metadata.language) == ("Straits / I", "en")


def test_what_cassis_writes_again_is_read_as_it_was(tmp_path: Path):
    document = DOCUMENT
    xmi.write([document], tmp_path / "out", WriteContext())
    (cas,) = cassis_cases(tmp_path / "out")
    cas.to_xmi(tmp_path / "again.xmi")

    found = read_one(tmp_path / "again.xmi")

    assert (found.title, found.text, found.language) == (document.title, document.text, "en")
    by_label = {span.label: span for span in found.spans}
    assert by_label["Claim"].fragments == CLAIM.fragments
    assert (by_label["Cue"].note, by_label["Cue"].state) == (CUE.note, State.REJECTED)
    assert dict(by_label["Person"].fields) == dict(MENTION.fields)
    ends = {(link.type, link.from_id, link.to_id) for link in found.links}
    assert ends == {("speaker", by_label["Claim"].id, by_label[n].id) for n in ["Person"]} | {
        ("cue", by_label["Claim"].id, by_label["Cue"].id)
    }


def test_control_characters_come_back_and_are_told(tmp_path: Path):
    losses = Losses()
    xmi.write([DOCUMENT], tmp_path / "out", WriteContext(losses=losses))

    assert read_one(tmp_path / "out").text == TEXT
    assert losses.to_lines()[0].startswith("1 control characters: XML has no place")


def test_layers_of_inception_become_labels_fields_and_links(tmp_path: Path):
    structures = """
    <type:Token xmi:id="2" sofa="1" begin="0" end="5"/><pos:POS xmi:id="3" sofa="1" begin="0" end="5" PosValue="NNP"/>
    <ner:NamedEntity xmi:id="4" sofa="1" begin="0" end="6" value="PER" identifier="Q7"/>
    <ner:NamedEntity xmi:id="5" sofa="1" begin="8" end="12" value="PER"/>
    <custom:Quotation xmi:id="6" sofa="1" begin="21" end="30" form="indirect" Speakers="7"/>
    <custom:QuotationSpeakersLink xmi:id="7" role="speaker" target="4"/>
    <custom:Ally xmi:id="8" sofa="1" begin="8" end="12" Governor="4" Dependent="5" since="2031"/>
    <custom:Ally xmi:id="9" sofa="1" begin="8" end="12" Governor="4" Dependent="3"/>
    <custom:Blank xmi:id="10" sofa="1" begin="5" end="6"/>
    <custom:Nothing xmi:id="11" sofa="1" begin="13" end="17"/>"""
    path = write_xmi(tmp_path / "2031-04-02 note.xmi", structures)

    found = read_one(path)

    assert found.text == "Taval & Orsk said 🌊 it rained."
    assert [(span.label, span.kind, span.quote, dict(span.fields)) for span in found.spans] == [
        ("PER", LabelKind.ACTOR, "Taval", {"identifier": "Q7"}),
        ("PER", LabelKind.ACTOR, "Orsk", {}),
        ("Quotation", LabelKind.CLAIM, "it rained", {"form": "indirect"}),
        ("Nothing", LabelKind.ACTOR, "said", {}),
    ]  # fmt: skip
    assert {(link.type, link.from_id, link.to_id) for link in found.links} == {
        ("Ally", "4", "5"),
        ("speaker", "6", "4"),
    }
    assert found.meta["not imported"] == "POS (1), annotations without words (1), relations without two ends (1)"
    assert found.date == "2031-04-02"


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"><cas:Sofa sofaString="&b;"/></xmi:XMI>"""
THIEF = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xmi:XMI>&a;</xmi:XMI>'
SPAN = '<custom:Span xmlns:custom="http:///custom.ecore" xmi:id="4" sofa="1" begin="{}" end="{}" kind="actor" {}/>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BOMB, "bad.xmi has a document type"),
        (THIEF, "bad.xmi has a document type"),
        (HEAD + "<custom:Sp", "bad.xmi is not sound XML at line 7"),
        ("", "bad.xmi is not sound XML at line 1"),
        (HEAD + "</xmi:XMI>", "bad.xmi has no text"),
        ('<?xml version="1.0" encoding="x-nothing"?><a/>', "bad.xmi is not sound XML|in an encoding"),
    ],
)
def test_hostile_and_broken_files_are_refused_with_a_sentence(tmp_path: Path, content: str, why: str):
    path = tmp_path / "bad.xmi"
    path.write_text(content)
    with pytest.raises(RefusedInputError, match=why):
        list(xmi.read(path))


@pytest.mark.parametrize(
    ("structures", "why"),
    [
        (SPAN.format(20, 99, 'label="a"'), r"\[20, 99\) lies outside the text, which has 30 characters"),
        (SPAN.format(19, 20, 'label="a"'), r"or begins within one"),
        (SPAN.format(-1, 4, 'label="a"'), "lies outside the text"),
        (SPAN.format(5, 4, 'label="a"'), "lies outside the text"),
        (SPAN.format("x", 4, 'label="a"'), "has no whole number as offset"),
        (SPAN.format(0, 5, 'label=" "'), "a span has no label"),
        (SPAN.format(0, 5, 'label="a" state="perhaps"'), "“perhaps” is no state"),
        (SPAN.format(0, 5, 'label="a" score="2"'), "the score 2.0 is not between"),
        (SPAN.format(0, 5, 'label="a" score="NaN"'), "the score nan is not between"),
        (SPAN.format(0, 5, 'label="a" decidedAt="soon"'), "“soon” is not a date"),
        (SPAN.format(0, 5, 'label="a"') * 2, "two things have the id 4"),
    ],
)
def test_wrong_values_name_file_and_place(tmp_path: Path, structures: str, why: str):
    path = write_xmi(tmp_path / "bad.xmi", structures)
    with pytest.raises(RefusedInputError, match="bad.xmi: .*" + why):
        list(xmi.read(path))


def test_xml_1_1_is_read_where_it_holds_no_more_than_1_0(tmp_path: Path):
    path = write_xmi(tmp_path / "note.xmi", "")
    path.write_text(path.read_text().replace('version="1.0"', 'version="1.1"', 1))
    assert read_one(path).text == "Taval & Orsk said 🌊 it rained."


def test_folder_is_known_by_what_is_in_it(tmp_path: Path):
    xmi.write([DOCUMENT], tmp_path / "out", WriteContext())
    found = format_for(tmp_path / "out")
    assert found is not None
    assert found.name == "xmi"
    (tmp_path / "out" / "readme.txt").touch()
    assert format_for(tmp_path / "out") is None
    single = format_for(tmp_path / "out" / "00001 Straits I.xmi")
    assert single is not None
    assert single.name == "xmi"


def test_archive_as_inception_exports_it_is_read(tmp_path: Path):
    xmi.write([DOCUMENT], tmp_path / "out", WriteContext())
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for file in (tmp_path / "out").iterdir():
            archive.write(file, file.name)

    found = list(read_file(tmp_path / "export.zip"))

    (document,) = [each for each in found if isinstance(each, ExchangeDocument)]
    assert (document.title, len(document.spans)) == ("Straits / I", 3)


def test_broken_file_of_a_folder_is_left_out_by_name_unless_all_are(tmp_path: Path):
    write_xmi(tmp_path / "a.xmi", "")
    (tmp_path / "b.xmi").write_text("<")
    document, left_out = xmi.read(tmp_path)
    assert isinstance(document, ExchangeDocument)
    assert isinstance(left_out, LeftOut)
    assert (left_out.where, left_out.reason[:23]) == ("b.xmi", "b.xmi is not sound XML ")

    (tmp_path / "a.xmi").write_text("<")
    with pytest.raises(RefusedInputError, match=r"a\.xmi is not sound XML"):
        list(xmi.read(tmp_path))
