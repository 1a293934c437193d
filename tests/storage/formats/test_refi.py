"""REFI-QDA: models made of the standard's schema accept what is written; projects of other programs are read."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from exchange_examples import assert_same, documents, gone_round
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pydantic import BaseModel
from pyrefiqda import RefiCodebook, RefiProject
from pyrefiqda.models import Project

from storage.codebook_file import CodebookFile
from storage.codebooks import starter
from storage.errors import RefusedInputError
from storage.formats import refi, refi_reading
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, LeftOut
from storage.formats.interface import WriteContext
from storage.formats.losses import Losses
from storage.formats.refi_codes import read_qdc, write_qdc
from storage.formats.registry import format_named
from storage.records import Fragment, LabelKind, Origin

REFI = format_named("refi")
NS = "urn:QDA-XML:project:1.0"
TEXT = "🌊 Velmar will, Taval said, withdraw.\r\nOrsk denied\x0cit."
MENTION = ExchangeSpan("m", LabelKind.ACTOR, "Person", (Fragment(15, 20),), actor="Ida Taval", fields={"Office": "<x>"})
CLAIM = ExchangeSpan(
    "q", LabelKind.CLAIM, "Claim", (Fragment(2, 13), Fragment(27, 35)), note="so\nso", is_flagged=True,
    analyst="Ines", decided_at="2031-04-02T10:00:00Z", score=0.5,
)  # fmt: skip
DOCUMENT = ExchangeDocument(
    title="Straits & more",
    text=TEXT,
    id="1",
    date="2031-04-02",
    meta={"pages": 2},
    spans=(MENTION, CLAIM),
    links=(ExchangeLink("1", "speaker", "q", "m"),),
)


def written(tmp_path: Path, losses: Losses | None = None, document: ExchangeDocument = DOCUMENT) -> Path:
    path = tmp_path / "out.qdpx"
    codebook = starter("actors-and-claims").codebook
    context = WriteContext(project_name="Straits", codebook=codebook, losses=Losses() if losses is None else losses)
    assert refi.write([document], path, context) == 1
    return path


def check_schema(element: Any, model: type[BaseModel]) -> None:
    """Check an element against a model of the schema: what it has, in which order, how often, of which form."""
    attributes: dict[str, Any] = {}
    elements: list[tuple[str, Any, Any]] = []
    for name, field in model.model_fields.items():
        meta = getattr(field, "xsdata_metadata", None) or (field.json_schema_extra or {}).get("metadata", {})
        if meta["type"] == "Element":
            elements.append((meta.get("name", name), field, meta))
        else:
            attributes[meta.get("name", name)] = field, meta
    assert set(element.attrib) <= set(attributes), (element.tag, dict(element.attrib))
    for name, (field, meta) in attributes.items():
        assert name in element.attrib or not field.is_required(), (element.tag, name)
        if "pattern" in meta and name in element.attrib:
            assert re.fullmatch(meta["pattern"], element.attrib[name]), (element.tag, name)
    order = [name for name, *_ in elements]
    found = [etree.QName(child).localname for child in element]
    assert found == sorted(found, key=order.index), element.tag
    for name, field, meta in elements:
        several = [child for child in element if etree.QName(child).localname == name]
        assert len(several) >= meta.get("min_occurs", 1 if field.is_required() else 0), (element.tag, name)
        for child in several:
            inner = next((kind for kind in _kinds(field.annotation) if issubclass(kind, BaseModel)), None)
            if inner is not None:
                check_schema(child, inner)
            else:
                assert not len(child)


def _kinds(annotation: Any) -> list[type]:
    inner = [kind for each in get_args(annotation) for kind in _kinds(each)]
    return inner or ([annotation] if isinstance(annotation, type) else [])


def test_models_of_the_schema_accept_the_project(tmp_path: Path):
    path = written(tmp_path)
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    check_schema(root, Project)

    project = RefiProject.load(path, tmp_path / "unpacked")

    (source,) = project.sources.text_source
    assert (source.name, source.plain_text_path) == ("Straits & more", f"internal://{source.guid}.txt")
    text = (tmp_path / "unpacked" / "Sources" / f"{source.guid}.txt").read_bytes().decode()
    assert text == TEXT
    codes = {c.guid: (top.name, c.name) for top in project.code_book.codes.code for c in top.code}
    found = [
        (codes[each.coding[0].code_ref.target_guid], text[each.start_position : each.end_position], each.name)
        for each in source.plain_text_selection
    ]
    assert found == [
        (("Actors", "Person"), "Taval", "Taval"),
        (("Claims", "Claim"), "Velmar will", "Velmar will"),
        (("Claims", "Claim"), "withdraw", "withdraw"),
    ]
    mention, claim, part = (each.guid for each in source.plain_text_selection)
    assert {(link.name, link.origin_guid, link.target_guid) for link in project.links.link} == {
        ("speaker", claim, mention),
        ("continued by", claim, part),
    }
    assert [user.name for user in project.users.user] == ["Ines"]
    cases = {case.name: [ref.target_guid for ref in case.selection_ref] for case in project.cases.case}
    assert cases == {"Ida Taval": [mention], "Person: Taval": [mention]}
    assert [note.name for note in project.notes.note] == ["Flagged"]
    assert [each.description for each in source.plain_text_selection] == [None, "so\nso", None]


def test_project_without_anything_in_it_is_sound_too(tmp_path: Path):
    path = tmp_path / "out.qdpx"
    refi.write([replace(DOCUMENT, spans=(), links=(), date=None, meta={})], path, WriteContext())
    with zipfile.ZipFile(path) as archive:
        check_schema(etree.fromstring(archive.read("project.qde")), Project)


def test_what_no_place_is_for_is_counted(tmp_path: Path):
    losses = Losses()
    written(tmp_path, losses)
    assert [loss.what for loss in losses] == ["scores, reasons and suggesters"]


def test_same_project_makes_the_same_bytes(tmp_path: Path):
    assert written(tmp_path).read_bytes() == written(tmp_path).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["out.qdpx"]


def held(document: ExchangeDocument) -> ExchangeDocument:
    """Return a document without what a machine says of its spans, and without who made its links."""
    bare = {"origin": Origin.IMPORT, "suggester": None, "score": None}
    return replace(
        document,
        spans=tuple(replace(span, reason="", **bare) for span in document.spans),
        links=tuple(replace(link, analyst=None, decided_at=None, **bare) for link in document.links),
    )


@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_what_is_declared_comes_back(tmp_path_factory, data):
    found = [held(document) for document in data.draw(documents(REFI.holds))]
    path = tmp_path_factory.mktemp("round") / "out.qdpx"
    assert_same(found, gone_round(REFI, found, path), REFI.holds)


# -- projects of other programs ---------------------------------------------------------------------------------------

A, B, C, D, E, F = (f"{n}0000000-0000-4000-8000-000000000000" for n in "ABCDEF")


def project(sources: str, more: str = "", codes: str = "", texts: dict[str, str] | None = None) -> bytes:
    codes = (
        codes
        or f"""<Code guid="{A}" name="People" isCodable="true" color="#f00">
        <Code guid="{B}" name="Minister" isCodable="true"/></Code>
        <Code guid="{C}" name="Demands::open" isCodable="true"/>"""
    )
    qde = f"""<?xml version="1.0" encoding="utf-8"?><Project xmlns="{NS}" name="p"><Users><User guid="{{{D.lower()}}}"
        name="Ines"/></Users><CodeBook><Codes>{codes}</Codes></CodeBook>{more}
        <Sources>{sources}</Sources></Project>"""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("project.qde", qde)
        for name, text in (texts or {"sources/t.TXT": "🌊 Ida Taval wants\r\nmore rain."}).items():
            archive.writestr(name, text)
    return stream.getvalue()


def source(*selections: str, address: str = "internal://t.txt") -> str:
    return f'<TextSource guid="{E}" name="Note.docx" plainTextPath="{address}">{"".join(selections)}</TextSource>'


def selection(start: object, end: object, *codes: str, name: str = "", id_: str = F, inner: str = "") -> str:
    by = f'guid="{A}" creatingUser="{D}" creationDateTime="yesterday"'
    codings = "".join(f'<Coding {by}><CodeRef targetGUID="{{{code.lower()}}}"/></Coding>' for code in codes)
    place = f'guid="{id_}" name="{name}" startPosition="{start}" endPosition="{end}"'
    return f"<PlainTextSelection {place}>{inner}{codings}</PlainTextSelection>"


def refi_read(tmp_path: Path, data: bytes) -> list[ExchangeDocument | LeftOut]:
    path = tmp_path / "theirs.qdpx"
    path.write_bytes(data)
    return list(refi.read(path))


def read(tmp_path: Path, data: bytes) -> list[ExchangeDocument]:
    return [found for found in refi_read(tmp_path, data) if isinstance(found, ExchangeDocument)]


def test_codes_users_memos_variables_and_links_of_other_programs_are_read(tmp_path: Path):
    more = f"""<Variables><Variable guid="{C}" name="Year" typeOfVariable="Integer"/></Variables>
        <Cases><Case guid="{A}" name="Note"><VariableValue><VariableRef targetGUID="{C}"/>
        <IntegerValue>2031</IntegerValue></VariableValue><SourceRef targetGUID="{E}"/></Case></Cases>
        <Notes><Note guid="{B}" name="m"><PlainTextContent>A memo</PlainTextContent></Note></Notes>
        <Links><Link guid="{A}" name="asks" originGUID="{A}" targetGUID="{F}"/>
        <Link guid="{A}" name="more" originGUID="{F}" targetGUID="{E}"/></Links>"""
    first = selection(2, 11, A, B, name="Ida Taval", inner="<Description>who?</Description>")
    second = (
        selection(12, 17, C, name="wants", id_=A, inner=f'<NoteRef targetGUID="{B}"/>')
        .replace(f'<NoteRef targetGUID="{B}"/><Coding', "<Coding")
        .replace("</Coding></PlainTextSelection>", f'</Coding><NoteRef targetGUID="{B}"/></PlainTextSelection>')
    )
    picture = f'<PictureSource guid="{B}" name="x.jpg" path="internal://x.jpg"/>'

    left_out, found = refi_read(tmp_path, project(picture + source(first, second, selection(0, 1, id_=C)), more))

    assert left_out == LeftOut("theirs.qdpx, “x.jpg”", "It is no text (PictureSource).")
    assert isinstance(found, ExchangeDocument)
    assert [(s.label, s.kind, s.quote, s.note, s.analyst, s.decided_at) for s in found.spans] == [
        ("People", LabelKind.ACTOR, "Ida Taval", "who?", "Ines", None),
        ("Minister", LabelKind.ACTOR, "Ida Taval", "who?", "Ines", None),
        ("Demands::open", LabelKind.CLAIM, "wants", "A memo", "Ines", None),
    ]
    assert [(link.type, link.from_id, link.to_id) for link in found.links] == [("asks", "s3", "s1")]
    assert found.title == "Note.docx"
    assert found.meta == {
        "Year": "2031",
        "not imported": "links to something else than a selection of the same text (1), selections without a code (1)",
    }


def test_memos_in_texts_of_their_own_are_read_for_selections_and_sources(tmp_path: Path):
    more = f"""<Notes><Note guid="{B}" name="memo 1" plainTextPath="internal://memo.txt"/>
        <Note guid="{C}" name="memo 2" plainTextPath="internal://lost.txt"/></Notes>"""
    refs = f'<NoteRef targetGUID="{B}"/><NoteRef targetGUID="{C}"/>'
    marked = selection(2, 11, A, name="Ida Taval").replace("</PlainText", refs + "</PlainText")
    texts = {"sources/t.txt": "🌊 Ida Taval wants more.", "sources/memo.txt": "Asked twice.\n"}

    (found,) = read(tmp_path, project(source(marked, refs), more, texts=texts))

    assert found.spans[0].note == found.meta["note"] == "Asked twice.\nmemo 2"


@pytest.mark.parametrize(("start", "end"), [(19, 23), (20, 24), (18, 22)])
def test_positions_in_other_units_are_understood_by_the_words(tmp_path: Path, start: int, end: int):
    (found,) = read(tmp_path, project(source(selection(start, end, A, name="more"))))
    assert [span.quote for span in found.spans] == ["more"]


def test_plain_text_of_a_pdf_is_a_document(tmp_path: Path):
    inner = source(selection(2, 11, A)).replace("TextSource", "Representation")
    (found,) = read(tmp_path, project(f'<PDFSource guid="{B}" name="Report.pdf">{inner}</PDFSource>'))
    assert (found.title, found.spans[0].quote) == ("Report.pdf", "Ida Taval")


def test_source_without_its_text_is_left_out_and_the_others_come_in(tmp_path: Path):
    data = project(source(address="relative://t.txt") + source(selection(2, 11, A)))
    left_out, found = refi_read(tmp_path, data)
    assert isinstance(left_out, LeftOut)
    assert "its text is not within the project (relative://t.txt)" in left_out.reason
    assert isinstance(found, ExchangeDocument)


def test_codes_of_one_name_are_told_apart_by_their_parents(tmp_path: Path):
    codes = "".join(
        f'<Code guid="{top}" name="{name}" isCodable="false"><Code guid="{code}" name="Pro" isCodable="true"/></Code>'
        for top, name, code in [(C, "Levy", A), (D, "Port", B)]
    )
    (found,) = read(tmp_path, project(source(selection(2, 11, A, B)), codes=codes))
    assert [span.label for span in found.spans] == ["Levy: Pro", "Port: Pro"]


def nested(depth: int) -> str:
    inner = "".join(
        f'<Code guid="{n:08x}-0000-4000-8000-000000000000" name="x" isCodable="true">' for n in range(depth)
    )
    return inner + "</Code>" * depth


BOMB = '<!DOCTYPE x [<!ENTITY a "ha">]>'


def unpacked(qde: str, **texts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("project.qde", qde)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is not a project of REFI-QDA"),
        (project(source())[:-40], "is not a project of REFI-QDA"),
        (unpacked(BOMB + "<Project/>"), "has a document type"),
        (unpacked("<Project"), "is not sound XML"),
        (unpacked(f'<Project xmlns="{NS}"/>'), "holds no text"),
        (project(source(address="internal://../../etc/passwd")), "is not in the project"),
        (project(source(address="absolute:///etc/passwd")), "its text is not within the project"),
        (project(source(address="relative://../t.txt")), "its text is not within the project"),
        (project(source(), texts={"sources/t.txt": ""}), "“Note.docx” is empty"),
        (project(source(selection(0, 999, A))), "outside the text"),
        (project(source(selection("x", 9, A))), "a selection has no whole numbers"),
        (project(source(selection(0, 1, F))), "a code that the project does not have"),
        (project(source(), codes=f'<Code guid="{A}" isCodable="true"/>'), "has no name"),
        (project(source(), codes=nested(2000)), "its codes lie within codes without end"),
        (project(source(), codes=f'<Code guid="{A}" name="a" isCodable="true"/>' * 2), "have one id"),
    ],
)
def test_hostile_and_broken_projects_are_refused_with_a_sentence(tmp_path: Path, data: bytes, why: str):
    with pytest.raises(RefusedInputError, match=rf"^theirs\.qdpx.*{re.escape(why)}"):
        read(tmp_path, data)


def test_zip_bomb_is_never_unpacked(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(refi_reading, "MAX_FILE_BYTES", 20 * 2**20)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b" " * (30 * 2**20))
    with pytest.raises(RefusedInputError, match=r"project\.qde unpacks to 30 MB, and Sayso takes at most 20"):
        read(tmp_path, stream.getvalue())


# -- codebooks --------------------------------------------------------------------------------------------------------


def test_codebook_goes_out_and_back_and_the_schema_accepts_it(tmp_path: Path):
    book = starter("actors-and-claims").codebook
    write_qdc(tmp_path / "book.qdc", CodebookFile(book))

    model = RefiCodebook.load(tmp_path / "book.qdc")
    assert [code.name for top in model.codes.code for code in top.code] == [label.name for label in book.labels]

    found = read_qdc(tmp_path / "book.qdc").codebook
    assert [(x.kind, x.name, x.colour) for x in found.labels] == [(x.kind, x.name, x.colour) for x in book.labels]
    assert all(label.definition in x.definition for label, x in zip(book.labels, found.labels, strict=True))


@pytest.mark.parametrize(
    ("content", "why"),
    [("", "is not sound XML"), ("<CodeBook/>", "holds no codes"), (BOMB + "<CodeBook/>", "has a document type")],
)
def test_broken_codebooks_are_refused(tmp_path: Path, content: str, why: str):
    path = tmp_path / "book.qdc"
    path.write_text(content)
    with pytest.raises(RefusedInputError, match=f"book.qdc.*{why}"):
        read_qdc(path)
