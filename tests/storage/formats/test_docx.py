"""Word documents: what python-docx and hands wrote is read whole; what harms is refused in one sentence."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Inches

from storage.errors import RefusedInputError
from storage.formats.docx import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(path: Path, body: str, **parts: str) -> Path:
    """Write a DOCX of raw XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>'
        )
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return path


def paragraph(content: str) -> str:
    return f"<w:p>{content}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def text_of(path: Path) -> str:
    (document,) = read(path)
    return document.text


def test_paragraphs_headings_and_tables_of_an_independent_writer(tmp_path: Path):
    made = docx.Document()
    made.core_properties.title = "Harbour accord"
    made.core_properties.author = "Council of Velmar"
    made.core_properties.language = "en-GB"
    made.add_heading("The accord", level=1)
    first = made.add_paragraph("Velmar said “no”, ")
    first.add_run("and Orsk").bold = True
    first.add_run(" protested 👩🏽\u200d🚀.\tTwice.")
    made.add_paragraph("   ")
    table = made.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ["Port", "Ships", "Taval", "12 of\n13"], strict=True):
        cell.text = words
    made.add_paragraph("A shipping line", style="List Bullet")
    made.add_picture(io.BytesIO(_PIXEL), width=Inches(1))
    made.save(str(tmp_path / "2024-03-19 accord.docx"))

    (document,) = read(tmp_path / "2024-03-19 accord.docx")

    assert document.text == (
        "The accord\n\nVelmar said “no”, and Orsk protested 👩🏽\u200d🚀.\tTwice.\n\n"
        "Port\tShips\nTaval\t12 of 13\n\nA shipping line"
    )
    assert (document.title, document.source, document.language) == ("Harbour accord", "Council of Velmar", "en")
    assert document.date == "2024-03-19"
    assert document.meta["file"] == "2024-03-19 accord.docx"
    assert "Word" in document.meta["extraction"]


def test_title_and_author_that_programs_put_there_are_none(tmp_path: Path):
    made = docx.Document()
    made.core_properties.title = "Microsoft Word - draft.docx"
    made.add_paragraph("Velmar waits.")
    made.save(str(tmp_path / "a.docx"))

    (document,) = read(tmp_path / "a.docx")

    assert (document.title, document.source) == ("Velmar waits.", "")


def test_what_libraries_pass_over_is_read(tmp_path: Path):
    box = paragraph(run("In a box"))
    body = (
        paragraph(f"<w:ins>{run('Inserted')}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>")
        + f"<w:sdt><w:sdtContent>{paragraph(run('In a control'))}</w:sdtContent></w:sdt>"
        + paragraph(f"<w:hyperlink>{run('A link')}</w:hyperlink><w:r><w:br/><w:noBreakHyphen/></w:r>{run('x')}")
        + paragraph(f"{run('Host')}<w:r><w:drawing><w:txbxContent>{box}</w:txbxContent></w:drawing></w:r>")
    )

    assert text_of(packed(tmp_path / "a.docx", body)) == "Inserted\n\nIn a control\n\nA link\n‑x\n\nHost\n\nIn a box"


def test_hidden_words_stay_out(tmp_path: Path):
    hidden = run("gone ").replace("<w:t", "<w:rPr><w:vanish/></w:rPr><w:t")
    shown = run("here").replace("<w:t", '<w:rPr><w:vanish w:val="0"/></w:rPr><w:t')
    assert text_of(packed(tmp_path / "a.docx", paragraph(hidden + shown))) == "here"


def test_strict_documents_are_read(tmp_path: Path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
            f"{paragraph(run('Velmar waits.'))}</w:body></w:document>",
        )

    assert text_of(path) == "Velmar waits."


def test_text_for_new_and_old_programs_comes_once(tmp_path: Path):
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = paragraph(
        f"<mc:AlternateContent {mc}><mc:Choice>{run('once')}</mc:Choice>"
        f"<mc:Fallback>{run('twice')}</mc:Fallback></mc:AlternateContent>"
    )

    assert text_of(packed(tmp_path / "a.docx", body)) == "once"


def test_notes_stand_at_the_end_with_their_marks(tmp_path: Path):
    body = paragraph(f'{run("Velmar denied it.")}<w:r><w:footnoteReference w:id="7"/></w:r>')
    notes = (
        f'<w:footnotes {W}><w:footnote w:id="-1">{paragraph("")}</w:footnote>'
        f'<w:footnote w:id="7">{paragraph(run("Orsk Times, p. 3"))}</w:footnote></w:footnotes>'
    )

    assert text_of(packed(tmp_path / "a.docx", body, footnotes=notes)) == "Velmar denied it.[1]\n\n[1] Orsk Times, p. 3"


def test_tables_within_tables_are_told_once(tmp_path: Path):
    def cell(content: str) -> str:
        return f"<w:tc>{content}</w:tc>"

    def table(*cells: str) -> str:
        return f"<w:tbl><w:tr>{''.join(cells)}</w:tr></w:tbl>"

    inner = table(cell(paragraph(run("c"))), cell(paragraph(run("d"))))
    outer = table(cell(paragraph(run("a"))), cell(paragraph(run("b")) + inner))

    assert text_of(packed(tmp_path / "a.docx", outer)) == "a\tb c d"


def test_nesting_to_the_limit_of_xml_is_read(tmp_path: Path):
    depth = 80
    body = "<w:tbl><w:tr><w:tc>" * depth + paragraph(run("deep")) + "</w:tc></w:tr></w:tbl>" * depth

    assert text_of(packed(tmp_path / "a.docx", body)) == "deep"


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        ('<!ENTITY secret SYSTEM "file:///etc/hostname">', "&secret;"),
        ('<!ENTITY l0 "ha">' + _LAUGHS, "&l11;"),
        ('<!ENTITY % remote SYSTEM "http://velmar.invalid/x.dtd"> %remote;', "x"),
    ],
    ids=["external entity", "billion laughs", "remote entity"],
)
def test_entities_are_refused(tmp_path: Path, declared: str, used: str):
    path = tmp_path / "harm.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f"<!DOCTYPE w:document [{declared}]><w:document {W}><w:body>{paragraph(run(used))}</w:body></w:document>",
        )

    with pytest.raises(
        RefusedInputError, match=r"harm\.docx: its part “word/document\.xml” (declares entities|is damaged)"
    ):
        list(read(path))


def test_part_that_unpacks_without_end_is_refused(tmp_path: Path):
    path = packed(tmp_path / "bomb.docx", paragraph(run(" " * (40 * 2**20))))

    assert path.stat().st_size < 100_000
    with pytest.raises(RefusedInputError, match=r"bomb\.docx: its part “word/document\.xml” unpacks to 40 MB"):
        list(read(path))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "a.docx is empty"),
        (b"%PDF-1.7 renamed", "a.docx is not a Word document, or was cut off or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx is protected by a password or was made by an old"),
        (b"PK\x05\x06" + bytes(18), "a.docx is not a Word document, or is damaged: it has no part “word/document.xml”"),
        (b"PK\x05\x06" + b"\xff" * 18, "a.docx lists more files than"),
    ],
)
def test_what_is_no_word_document_is_refused(tmp_path: Path, data: bytes, why: str):
    path = tmp_path / "a.docx"
    path.write_bytes(data)

    with pytest.raises(RefusedInputError, match=why):
        list(read(path))


def test_every_truncation_is_refused(tmp_path: Path):
    whole = packed(tmp_path / "whole.docx", paragraph(run("Velmar " * 500))).read_bytes()
    path = tmp_path / "cut.docx"
    for size in range(1, len(whole), 37):
        path.write_bytes(whole[:size])
        with pytest.raises(RefusedInputError, match=r"cut\.docx"):
            list(read(path))


def test_damage_within_is_refused_and_no_other_error_comes_out(tmp_path: Path):
    whole = bytearray(packed(tmp_path / "whole.docx", paragraph(run("Velmar answers Orsk. " * 50))).read_bytes())
    path = tmp_path / "hurt.docx"
    refusals = []
    for at in range(0, len(whole), 5):
        hurt = bytearray(whole)
        hurt[at] ^= 0xFF
        path.write_bytes(hurt)
        try:
            list(read(path))
        except RefusedInputError as error:
            refusals.append(str(error))
    assert len(refusals) > 20
    assert all(refusal.startswith("hurt.docx") for refusal in refusals)


def test_document_of_pictures_is_refused(tmp_path: Path):
    with pytest.raises(RefusedInputError, match=r"a\.docx has no text"):
        text_of(packed(tmp_path / "a.docx", paragraph("")))


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f00038101803f"
    "4bd5a50000000049454e44ae426082"
)
