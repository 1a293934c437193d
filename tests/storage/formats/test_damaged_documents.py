"""Documents that were damaged on the way come in sound, or are refused with one sentence that names the file.

`SAYSO_DAMAGE=1000` damages each kind as often; the parts within packed documents are damaged as well as the files.
"""

import io
import os
import random
import warnings
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fpdf import FPDF
from odf.opendocument import OpenDocumentText
from odf.text import P

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument
from storage.formats.folder import read_file
from storage.stretches import check_stretches
from storage.text import check_text

_WORDS = "Velmar closed its port, and “nobody” in Orsk protested. "
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="a.opf"/>'
    "</rootfiles></container>"
)
_OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
    'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
)
_HTML = (
    f"<html lang=en><head><title>Port</title><meta name=author content=Ana></head><body><nav><a href=x>Home</a></nav>"
    f"<article><h1>Port</h1>{f'<p>{_WORDS}<b>Twice</b>.<br>x</p>' * 4}<table><tr><td>a<td>b</table></article></body>"
)
_RTF = (
    rb"{\rtf1\ansi{\fonttbl{\f0\fcharset204 Arial;}}{\info{\title x}}\f0 Velmar \'c2\'e5 {\footnote n}\u8704?\par"
    rb"\trowd a\cell b\cell\row{\pict\bin3 }}}}End.}"
)
_PIECES = (
    b"\0",
    b"<",
    b"&",
    b"\xff\xfe",
    b"9" * 12,
    b"-1",
    b'"',
    b"{",
    b"\\u",
    b"]]>",
    b"\r\n\r\n",
    b"&#xD800;",
    b"</p>",
)


def _saved(made: object) -> bytes:
    stream = io.BytesIO()
    made.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def _packed(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def _docx() -> bytes:
    made = docx.Document()
    made.add_heading("Port")
    made.add_paragraph(_WORDS)
    made.add_table(2, 2).cell(0, 0).text = "a"
    return _saved(made)


def _odt() -> bytes:
    made = OpenDocumentText()
    made.text.addElement(P(text=_WORDS))
    return _saved(made)


def _xlsx() -> bytes:
    made = openpyxl.Workbook()
    for row in (["title", "text", "date"], ["x", _WORDS, "2024-03-19"], ["y", "Again.", None]):
        made.active.append(row)
    return _saved(made)


def _parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"text": [_WORDS, "Again."], "tags": [["a"], []]}), stream)
    return stream.getvalue()


def _eml() -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["Date"] = "Pört", "ana@orsk.invalid", "Tue, 19 Mar 2024 10:00:00 +0000"
    made.set_content(_WORDS)
    made.add_alternative(f"<p>{_WORDS}</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    return made.as_bytes()


def _pdf() -> bytes:
    made = FPDF()
    made.set_font("Times")
    for _ in range(2):
        made.add_page()
        made.multi_cell(0, 5, "Velmar closed its port. " * 5)
    return bytes(made.output())


MAKERS = {
    "a.docx": _docx,
    "a.odt": _odt,
    "a.epub": lambda: _packed({"META-INF/container.xml": _CONTAINER, "a.opf": _OPF, "a.xhtml": f"<p>{_WORDS}</p>"}),
    "a.html": _HTML.encode,
    "a.rtf": lambda: _RTF,
    "a.eml": _eml,
    "a.csv": f'title;text\n"x";"{_WORDS}"\ny;Again.\n'.encode,
    "a.xlsx": _xlsx,
    "a.parquet": _parquet,
    "a.zip": lambda: _packed({"a.txt": _WORDS, "b.html": _HTML, "c.docx": _docx()}),
    "a.pdf": _pdf,
}
_ROUNDS = int(os.environ.get("SAYSO_DAMAGE", "15"))


def damaged(data: bytes, chance: random.Random) -> bytes:
    hurt = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randrange(len(hurt) or 1)
        match chance.randrange(5):
            case 0:
                hurt[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del hurt[at : at + chance.randrange(1, 40)]
            case 2:
                hurt[at:at] = hurt[at // 2 : at // 2 + chance.randrange(80)]
            case 3:
                hurt[at:at] = chance.choice(_PIECES)
            case _ if chance.random() < 0.2:
                del hurt[at:]
    return bytes(hurt)


def damaged_within(data: bytes, chance: random.Random) -> bytes:
    """Damage a part of a packed document and pack it again."""
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    victim = chance.choice(sorted(members))
    return _packed(members | {victim: damaged(members[victim], chance)})


@pytest.mark.parametrize("name", MAKERS)
def test_damaged_documents_are_sound_or_refused_by_name(tmp_path: Path, name: str):
    path, whole, chance = tmp_path / name, MAKERS[name](), random.Random(name)
    path.write_bytes(whole)
    assert any(isinstance(one, ExchangeDocument) for one in read_file(path))
    is_packed = zipfile.is_zipfile(path)
    for number in range(_ROUNDS // 3 if name == "a.pdf" else _ROUNDS):
        hurt = damaged_within(whole, chance) if is_packed and number % 2 else damaged(whole, chance)
        path.write_bytes(hurt)
        sentence = f"{name} is fine."
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Duplicate name")
                for one in read_file(path):
                    check(one)
        except RefusedInputError as error:
            sentence = str(error)
        assert sentence.startswith(name), (number, sentence)
        assert sentence.endswith((".", "?")) or "--column" in sentence
        assert "\n" not in sentence
        assert len(sentence) < 500


def check(one: object) -> None:
    if isinstance(one, ExchangeDocument):
        check_text(one.text)
        check_stretches(len(one.text), [(s.kind, s.start_cp, s.end_cp) for s in one.stretches])
        assert one.title.strip()
