"""A text file becomes one document: its text untouched, its title and date where they can be found."""

from pathlib import Path

import pytest

from storage.formats.naming import date_in, title_of
from storage.formats.plain import read

TEXT = "\r\n# The accord, line by line #\r\n\u2028“No” \xa0 e\u0301 東岸 👩🏽\u200d🚀\n"


def test_text_is_exact_and_the_folder_is_not_told(tmp_path: Path):
    path = tmp_path / "2024-03-19 accord.md"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())

    (document,) = read(path)

    assert document.text == TEXT
    assert document.title == "The accord, line by line"
    assert document.date == "2024-03-19"
    assert document.encoding == "utf-8"
    assert document.meta == {"file": "2024-03-19 accord.md"}
    assert document.where == "2024-03-19 accord.md"
    assert str(tmp_path) not in repr(document)


def test_guessed_encoding_is_told(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes("It’s over.".encode("cp1252"))

    (document,) = read(path)

    assert (document.text, document.encoding) == ("It’s over.", "windows-1252")
    assert document.meta["encoding_is_guess"] is True


def test_encoding_of_the_analyst_counts(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes("Łódź".encode("cp1250"))

    (document,) = read(path, encoding="cp1250")

    assert document.text == "Łódź"
    assert "encoding_is_guess" not in document.meta


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Harbour accord\n\nText", "Harbour accord"),
        ("\n \n  Harbour \t\xa0accord  \r\nText", "Harbour accord"),
        ("---\n***\nHarbour accord", "Harbour accord"),
        ("## Harbour accord ##\nText", "Harbour accord"),
        ("**Harbour accord**\nText", "Harbour accord"),
        ("#harbour is a hashtag", "#harbour is a hashtag"),
        ("東岸\u2028more", "東岸"),
        ("long " * 60 + "\nShort", "fallback"),
        ("---", "fallback"),
        ("\n" * 100_000 + "x", "x"),
    ],
)
def test_title_is_the_first_short_line_with_words(text: str, title: str):
    assert title_of(text, "fallback") == title


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2024-03-19.txt", "2024-03-19"),
        ("brief_20240319_v2.txt", "2024-03-19"),
        ("brief 2024.03.19", "2024-03-19"),
        ("2024-13-19, 2024-02-30, 2024-02-29", "2024-02-29"),
        ("2024-03.19", None),
        ("120240319", None),
        ("9999-12-31", None),
        ("no date", None),
    ],
)
def test_date_is_found_in_the_name_of_a_file(name: str, date: str | None):
    assert date_in(name) == date


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_head_of_a_markdown_file_tells_of_it_and_is_excluded(tmp_path: Path, end: str):
    head = ["---", 'title: "Port closed: why"', "published: 2031-03-04", "source: Straits Post", "lang: en-GB", "tags:"]
    text = end.join([*head, "  - ports", "author: Mira Tan", "file: x", "---", "# Head", "The port is closed."])
    (tmp_path / "a.md").write_bytes(text.encode())
    (document,) = read(tmp_path / "a.md")
    assert document.text == text
    assert (document.title, document.date, document.source) == ("Port closed: why", "2031-03-04", "Straits Post")
    assert (document.language, document.meta) == ("en", {"file": "a.md", "author": "Mira Tan"})
    (stretch,) = document.stretches
    assert (stretch.kind, text[stretch.start_cp : stretch.end_cp]) == ("excluded", text[: text.index("---", 4) + 3])


@pytest.mark.parametrize(
    "text",
    [
        "---\nTwo rules\n---\nEnd.",
        "---\ntitle: open\n",
        "---\n" + "a: b\r\n" * 5_000,
        "---\n\nOrsk: we wait\n\n---\nEnd.",
        "---\nOrsk: we wait.\nNobody answered him.\n---\nEnd.",
    ],
)
def test_dashes_alone_are_no_head(tmp_path: Path, text: str):
    (tmp_path / "a.md").write_bytes(text.encode())
    (document,) = read(tmp_path / "a.md")
    assert document.stretches == ()
