"""PDF documents of independent writers come in readable, with their pages; what is no such document is refused."""

import io
from pathlib import Path

import pytest
from fpdf import FPDF
from reportlab.lib import pagesizes, pdfencrypt
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen import canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate
from reportlab.platypus import Paragraph as Flowing

from storage import queries
from storage.errors import RefusedInputError
from storage.formats import pdf
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.pdf import read
from storage.importing import import_paths
from storage.project import Project

_WIDTH, _HEIGHT = pagesizes.A4
_SENTENCE = (
    "In paragraph {n} the minister of Velmar said that the port would stay closed, and that “nobody” in Orsk had asked "
    "for its reopening, although the harbour council of Taval had protested against it more than once. "
)


def columns_pdf(path: Path, count: int, paragraphs: list[str]) -> Path:
    """Write columns of justified text with a running head and foot."""
    made = BaseDocTemplate(str(path), pagesize=pagesizes.A4, title="Harbours", author="Institute of Velmar")
    gap, margin = 18, 50
    width = (_WIDTH - 2 * margin - gap * (count - 1)) / count
    frames = [Frame(margin + at * (width + gap), 60, width, _HEIGHT - 130, 0, 0, 0, 0) for at in range(count)]

    def decorate(page: canvas.Canvas, _: object) -> None:
        page.setFont("Helvetica", 8)
        page.drawString(margin, _HEIGHT - 40, "Velmar Papers")
        page.drawCentredString(_WIDTH / 2, 30, f"Page {page.getPageNumber()}")

    made.addPageTemplates([PageTemplate(frames=frames, onPage=decorate)])
    style = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12, alignment=4, spaceAfter=6)
    made.build([Flowing(paragraph, style) for paragraph in paragraphs])
    return path


def drawn(path: Path, *pages: list[tuple[float, float, str]], **how: object) -> Path:
    """Write lines at places, in this order."""
    made = canvas.Canvas(str(path), pagesize=pagesizes.A4, **how)
    for lines in pages:
        made.setFont("Times-Roman", 10)
        for left, from_top, text in lines:
            made.drawString(left, _HEIGHT - from_top, text)
        made.showPage()
    made.save()
    return path


def document_of(path: Path) -> ExchangeDocument:
    (document,) = [one for one in read(path) if isinstance(one, ExchangeDocument)]
    return document


@pytest.mark.parametrize("count", [1, 2, 3])
def test_columns_over_pages_come_in_order_with_whole_paragraphs(tmp_path: Path, count: int):
    paragraphs = [(_SENTENCE * 3).format(n=n).strip() for n in range(24)]

    document = document_of(columns_pdf(tmp_path / "a.pdf", count, paragraphs))

    excluded = [s for s in document.stretches if s.kind == "excluded"]
    body = document.text
    for stretch in sorted(excluded, key=lambda s: -s.start_cp):
        body = body[: stretch.start_cp] + body[stretch.end_cp :]
    whole = [paragraph for paragraph in body.split("\n\n") if paragraph.strip()]
    assert [paragraph for paragraph in paragraphs if paragraph not in whole] == []
    assert [whole.index(paragraph) for paragraph in paragraphs] == sorted(map(whole.index, paragraphs))
    pages = [s for s in document.stretches if s.kind == "page"]
    assert [stretch.value for stretch in pages] == [str(n) for n in range(1, len(pages) + 1)]
    assert len(pages) > 2
    assert len(excluded) == 2 * len(pages)
    assert (document.title, document.source) == ("Harbours", "Institute of Velmar")


def test_columns_written_line_by_line_across_are_untangled(tmp_path: Path):
    rows = [
        (left, 100 + 12 * number, f"{side} {number} has words enough for a column of it")
        for number in range(12)
        for left, side in ((50, "left"), (310, "right"))
    ]

    text = document_of(drawn(tmp_path / "a.pdf", rows)).text

    assert text.index("left 11") < text.index("right 0")


def test_words_that_line_ends_cut_are_whole(tmp_path: Path):
    lines = [
        (50, 100, "The minister of Velmar was in nego-"),
        (50, 112, "tiations about a sea-"),
        (50, 124, "and land-based port"),
    ]

    text = document_of(drawn(tmp_path / "a.pdf", lines)).text

    assert text == "The minister of Velmar was in negotiations about a sea- and land-based port"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_read_as_they_are_looked_at(tmp_path: Path, turn: int):
    made = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(600, 600))
    made.setPageRotation(turn)
    made.translate(300, 300)
    made.rotate(turn)
    for number in range(5):
        made.drawString(-200, 200 - 14 * number, f"line {number} of the text")
    made.save()

    assert document_of(tmp_path / "a.pdf").text == " ".join(f"line {number} of the text" for number in range(5))


def test_text_outside_of_the_page_is_not_read_and_its_corner_may_lie_anywhere(tmp_path: Path):
    made = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 400), cropBox=(20, 20, 300, 300))
    made.drawString(50, 250, "Velmar waits.")
    made.drawString(50, 330, "Cut off above.")
    made.drawString(25, 40, "Printed below.")
    made.drawString(2, 5, "Cut off below.")
    made.save()
    document = document_of(tmp_path / "a.pdf")

    assert document.text == "Velmar waits.\n\nPrinted below."


def test_text_along_the_edge_does_not_disturb_the_page(tmp_path: Path):
    made = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=pagesizes.A4)
    for number in range(5):
        made.drawString(100, 700 - 14 * number, f"line {number} of the text")
    made.rotate(90)
    made.drawString(300, -30, "archive of Velmar")
    made.save()

    assert document_of(tmp_path / "a.pdf").text.split("\n\n")[1:] == ["archive of Velmar"]


def test_another_writer_and_names_of_pages(tmp_path: Path):
    made = FPDF()
    made.set_title("Microsoft Word - draft.docx")
    made.set_font("Times", size=11)
    for words in ("Velmar closed its port.", "Orsk protested."):
        made.add_page()
        made.multi_cell(0, 5, words)
    made.output(str(tmp_path / "2024-03-19 b.pdf"))

    document = document_of(tmp_path / "2024-03-19 b.pdf")

    assert document.text == "Velmar closed its port.\n\nOrsk protested."
    assert document.title == "Velmar closed its port."
    assert document.date == "2024-03-19"
    assert document.meta["pages"] == 2


def test_scanned_pages_are_reported_by_number(tmp_path: Path):
    made = canvas.Canvas(str(tmp_path / "a.pdf"))
    for kind in ("text", "scan", "blank", "scan", "scan"):
        if kind == "text":
            made.drawString(50, 700, "Velmar closed its port.")
        elif kind == "scan":
            made.rect(50, 50, 400, 600, fill=1)
        made.showPage()
    made.save()

    left_out, document = read(tmp_path / "a.pdf")

    assert isinstance(left_out, LeftOut)
    assert left_out.where == "a.pdf, pages 2, 4–5"
    assert "(OCR)" in left_out.reason
    assert isinstance(document, ExchangeDocument)
    assert document.meta["pages_without_text"] == [2, 4, 5]
    assert [s.value for s in document.stretches] == ["1"]


def test_document_of_scans_is_refused(tmp_path: Path):
    made = canvas.Canvas(str(tmp_path / "a.pdf"))
    made.rect(50, 50, 400, 600, fill=1)
    made.save()

    with pytest.raises(RefusedInputError, match=r"a\.pdf has no text on any of its 1 pages: it was scanned"):
        list(read(tmp_path / "a.pdf"))


def test_password_is_asked_for_in_one_sentence(tmp_path: Path):
    shut = pdfencrypt.StandardEncryption("secret", canPrint=0)
    drawn(tmp_path / "shut.pdf", [(50, 100, "Velmar")], encrypt=shut)
    drawn(tmp_path / "open.pdf", [(50, 100, "Velmar")], encrypt=pdfencrypt.StandardEncryption("", ownerPassword="x"))

    with pytest.raises(RefusedInputError, match=r"shut\.pdf is protected by a password"):
        list(read(tmp_path / "shut.pdf"))
    assert document_of(tmp_path / "open.pdf").text == "Velmar"


_LOOPS = {
    "pages within themselves": b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\n",
    "a length that is itself": b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    b"4 0 obj<</Length 4 0 R>>stream\nBT ET\nendstream endobj\n",
    "a form within itself": b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 5>>stream\n/F Do\nendstream endobj\n"
    b"5 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>/Length 11>>stream\n"
    b"/F Do /F Do\nendstream endobj\n",
    "billions of pages": b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 2000000000>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n",
}


@pytest.mark.parametrize("objects", _LOOPS.values(), ids=list(_LOOPS))
def test_documents_that_loop_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objects: bytes):
    monkeypatch.setattr(pdf, "PATIENCE_S", 2.0)  # one of them takes half a minute
    path = tmp_path / "loop.pdf"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + objects + b"trailer<</Root 1 0 R/Size 9>>\n%%EOF"
    )

    with pytest.raises(RefusedInputError, match=r"loop\.pdf (is damaged|has no text|has [\d,]+ pages|was given up)"):
        list(read(path))


def test_reading_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "PATIENCE_S", 0.01)

    with pytest.raises(RefusedInputError, match=r"a\.pdf was given up before its first page"):
        list(read(drawn(tmp_path / "a.pdf", [(50, 100, "Velmar")])))


def test_an_import_stops_in_the_middle_of_a_document(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    told = '{\\"pages\\": 2, \\"meta\\": {}}'
    hang = f'import sys, time; sys.stdin.buffer.read(); print("{told}", flush=True); time.sleep(600)'
    monkeypatch.setattr(pdf, "_COMMAND", ("-c", hang))
    asked = iter([False] * 5)

    report = import_paths(
        project, [drawn(tmp_path / "a.pdf", [(50, 100, "Velmar")])], is_cancelled=lambda: next(asked, True)
    )

    assert (report.is_cancelled, report.documents) == (True, 0)
    assert next(asked, True)
    assert queries.document_items(project) == []


def test_reader_that_dies_is_told_and_harms_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "_COMMAND", ("-c", "import os; os.abort()"))

    with pytest.raises(RefusedInputError, match=r"a\.pdf is damaged before its first page"):
        list(read(drawn(tmp_path / "a.pdf", [(50, 100, "Velmar")])))


def test_reader_that_dies_in_the_middle_of_a_page_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    told = '{\\"pages\\": 2, \\"meta\\": {}}\\n{\\"label\\": \\"1\\", \\"para'
    monkeypatch.setattr(pdf, "_COMMAND", ("-c", f'import sys; sys.stdin.read; print("{told}", end="")'))

    with pytest.raises(RefusedInputError, match=r"a\.pdf is damaged before its first page"):
        list(read(drawn(tmp_path / "a.pdf", [(50, 100, "Velmar")])))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"Velmar waits.", "is not a PDF document"),
        (b"%PDF-1.7\n", "is damaged or was cut off"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "is damaged or was cut off"),
    ],
)
def test_what_is_no_pdf_is_refused(tmp_path: Path, data: bytes, why: str):
    (tmp_path / "a.pdf").write_bytes(data)

    with pytest.raises(RefusedInputError, match=rf"a\.pdf {why}"):
        list(read(tmp_path / "a.pdf"))


def test_truncated_document_is_refused_or_read_in_part(tmp_path: Path):
    whole = drawn(tmp_path / "a.pdf", *[[(50, 100, f"Velmar {n}")] for n in range(5)]).read_bytes()
    outcomes = []
    for part in (1, 2, 3):
        (tmp_path / "cut.pdf").write_bytes(whole[: part * len(whole) // 4])
        try:
            outcomes += [one.where for one in read(tmp_path / "cut.pdf")]
        except RefusedInputError as error:
            outcomes.append(str(error))
    assert all(outcome.startswith("cut.pdf") for outcome in outcomes)


def test_pages_and_excluded_parts_reach_the_project(project: Project, tmp_path: Path):
    columns_pdf(tmp_path / "a.pdf", 2, [(_SENTENCE * 3).format(n=n) for n in range(30)])

    report = import_paths(project, [tmp_path / "a.pdf"])

    assert (report.documents, report.refused.count) == (1, 0)
    (item,) = queries.document_items(project)
    content = queries.document_content(project, item.document.id)
    assert {stretch.kind for stretch in content.stretches} == {"page", "excluded"}


def test_nothing_of_the_document_is_left_on_the_disk(tmp_path: Path):
    drawn(tmp_path / "a.pdf", [(50, 100, "Velmar")])
    data = (tmp_path / "a.pdf").read_bytes()

    (document,) = pdf.read_stream(io.BytesIO(data), "press.zip/a.pdf")

    assert isinstance(document, ExchangeDocument)
    assert document.where == "press.zip/a.pdf"
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
