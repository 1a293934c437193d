"""OpenDocument texts: what odfpy and hands wrote is read whole; what is no text is refused in one sentence."""

import zipfile
from pathlib import Path

import pytest
from odf import dc, meta, table, text
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText

from storage.errors import RefusedInputError
from storage.formats.odt import read

_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("table", "table"))
)


def packed(path: Path, body: str, **parts: str) -> Path:
    """Write an ODT of raw XML."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {_NAMESPACES}><office:body><office:text>{body}"
            "</office:text></office:body></office:document-content>",
        )
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def text_of(path: Path) -> str:
    (document,) = read(path)
    return document.text


def test_text_of_an_independent_writer(tmp_path: Path):
    made = OpenDocumentText()
    made.meta.addElement(dc.Title(text="Harbour accord"))
    made.meta.addElement(meta.InitialCreator(text="Council of Velmar"))
    made.meta.addElement(dc.Language(text="en-GB"))
    made.text.addElement(text.H(outlinelevel=1, text="The accord"))
    paragraph = text.P(text="Velmar said “no”,")
    paragraph.addElement(text.S(c=3))
    paragraph.addElement(text.Span(text="and Orsk"))
    paragraph.addElement(text.LineBreak())
    paragraph.addText("protested 👩🏽\u200d🚀.")
    made.text.addElement(paragraph)
    bullets = text.List()
    for words in ("ships", "ports"):
        item = text.ListItem()
        item.addElement(text.P(text=words))
        bullets.addElement(item)
    made.text.addElement(bullets)
    rows = table.Table()
    for words in (("a", "b"), ("c", "d")):
        row = table.TableRow()
        for word in words:
            cell = table.TableCell()
            cell.addElement(text.P(text=word))
            row.addElement(cell)
        rows.addElement(row)
    made.text.addElement(rows)
    made.save(str(tmp_path / "a.odt"))

    (document,) = read(tmp_path / "a.odt")

    assert document.text == (
        "The accord\n\nVelmar said “no”,   and Orsk\nprotested 👩🏽\u200d🚀.\n\nships\n\nports\n\na\tb\nc\td"
    )
    assert (document.title, document.source, document.language) == ("Harbour accord", "Council of Velmar", "en")


def test_white_space_notes_frames_and_what_is_left_out(tmp_path: Path):
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Orsk Times</text:p>"
        "</text:note-body></text:note>"
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        f"<text:p>Velmar\n   denied <text:span>it</text:span>.{note}"
        "<office:annotation><text:p>a comment</text:p></office:annotation></text:p>"
        "<text:p>Host<draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box></draw:frame></text:p>"
    )

    assert text_of(packed(tmp_path / "a.odt", body)) == "Velmar denied it.[1]\n\nHost\n\nIn a box\n\n[1] Orsk Times"


def test_blanks_without_end_are_no_bomb(tmp_path: Path):
    body = "<text:p>a" + '<text:s text:c="999999999"/>' + "b</text:p>"

    assert len(text_of(packed(tmp_path / "a.odt", body))) == 1_002


def test_tables_slides_and_protected_files_are_refused(tmp_path: Path):
    OpenDocumentSpreadsheet().save(str(tmp_path / "sheet.odt"))
    with pytest.raises(RefusedInputError, match=r"sheet\.odt is an OpenDocument file but not a text"):
        list(read(tmp_path / "sheet.odt"))

    packed(tmp_path / "shut.odt", "", **{"META-INF__manifest_xml": "<manifest:encryption-data/>"})
    with pytest.raises(RefusedInputError, match=r"shut\.odt is protected by a password"):
        list(read(tmp_path / "shut.odt"))

    (tmp_path / "text.odt").write_text("Velmar")
    with pytest.raises(RefusedInputError, match=r"text\.odt is not an OpenDocument text"):
        list(read(tmp_path / "text.odt"))


def test_xml_that_is_broken_is_named_with_its_line(tmp_path: Path):
    packed(tmp_path / "a.odt", "<text:p>\n\n</text:h>")

    with pytest.raises(RefusedInputError, match=r"a\.odt: its part “content\.xml” is damaged on line 3"):
        list(read(tmp_path / "a.odt"))
