"""Books in EPUB come in as one document, chapter by chapter."""

import zipfile
from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats.epub import read

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def book(path: Path, chapters: dict[str, str], *, spine: list[str] | None = None, **more: str) -> Path:
    """Write an EPUB; chapters by file name, each the inside of its body."""
    names = list(chapters)
    items = "".join(
        f'<item id="{name}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"'
        + (' properties="nav"/>' if name.startswith("nav") else "/>")
        for name in names
    )
    references = "".join(f'<itemref idref="{name}"/>' for name in spine or names)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr(
            "OEBPS/content.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<dc:title>The Harbour</dc:title><dc:creator>Ana Taval</dc:creator><dc:language>en</dc:language>"
            f"<dc:date>2021-05-04</dc:date></metadata><manifest>{items}</manifest><spine>{references}</spine></package>",
        )
        for name, content in chapters.items():
            archive.writestr(
                f"OEBPS/{name}",
                '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>'
                f"<title>x</title><script>evil()</script></head><body>{content}</body></html>",
            )
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def test_chapters_come_in_the_order_of_reading_without_the_contents(tmp_path: Path):
    path = book(
        tmp_path / "harbour.epub",
        {
            "two.xhtml": "<h1>Two</h1><p>Orsk&nbsp;answers &amp; <i>leaves</i>.<br/>Twice.</p>",
            "nav.xhtml": "<ol><li>One</li></ol>",
            "chapter one.xhtml": "<h1>One</h1>\n<p>Velmar\n  asks 🚀.</p><ul><li>ships</li><li>ports</li></ul>",
        },
        spine=["nav.xhtml", "chapter one.xhtml", "two.xhtml", "two.xhtml", "missing"],
    )

    (document,) = read(path)

    assert document.text == ("One\n\nVelmar asks 🚀.\n\nships\n\nports\n\nTwo\n\nOrsk\xa0answers & leaves.\nTwice.")
    assert (document.title, document.source, document.date) == ("The Harbour", "Ana Taval", "2021-05-04")
    assert document.language == "en"


def test_elements_that_xml_closes_at_once_swallow_nothing(tmp_path: Path):
    path = book(
        tmp_path / "a.epub",
        {"a.xhtml": '<a id="x"/><p>Velmar <i/>waits.</p><script src="x"/><div/><p>Orsk<br/>too.</p>'},
    )

    (document,) = read(path)

    assert document.text == "Velmar waits.\n\nOrsk\ntoo."


def test_paths_out_of_the_book_lead_nowhere(tmp_path: Path):
    path = book(tmp_path / "a.epub", {"../../../etc/hostname": "<p>x</p>"})

    with pytest.raises(RefusedInputError, match=r"a\.epub is not a book in EPUB, or is damaged: it has no part “\.\./"):
        list(read(path))


@pytest.mark.parametrize(
    ("more", "chapters", "why"),
    [
        (
            {
                "META-INF__encryption_xml": '<encryption xmlns="urn:x"><CipherReference '
                'xmlns="http://www.w3.org/2001/04/xmlenc#" URI="OEBPS/a.xhtml"/></encryption>'
            },
            {"a.xhtml": "<p>x</p>"},
            "is protected",
        ),
        ({}, {"a.xhtml": '<img src="x"/>'}, "has no chapters with text"),
        ({}, {}, "has no chapters with text"),
    ],
)
def test_books_without_text_that_can_be_read_are_refused(tmp_path: Path, more: dict[str, str], chapters, why: str):
    with pytest.raises(RefusedInputError, match=f"b.epub {why}"):
        list(read(book(tmp_path / "b.epub", chapters, **more)))


def test_container_that_names_nothing_is_refused(tmp_path: Path):
    path = tmp_path / "b.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")

    with pytest.raises(RefusedInputError, match="does not say where its content is"):
        list(read(path))
