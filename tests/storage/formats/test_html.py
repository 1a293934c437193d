"""Pages of the web: the main text comes in, what stands around it and what would run does not."""

from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats.html import read

_ARTICLE = "".join(
    f"<p>The minister of Velmar said on day {day} that the <b>port</b> would stay\n <a href='/x'>closed</a>, and Orsk "
    "protested loudly against it.</p>"
    for day in range(1, 6)
)
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Velmar closes its port | Orsk Times</title>
<meta name="author" content="Ana Taval"><meta property="og:site_name" content="Orsk Times">
<meta property="article:published_time" content="2024-03-19T10:00:00Z">
<link rel="canonical" href="https://times.orsk.invalid/port"><script>evil("script")</script><style>p {{ }}</style>
</head>
<body><nav><ul><li><a href="/">Home page</a></li><li><a href="/n">All the news</a></li></ul></nav>
<div class="cookie-banner">We use cookies. <button>Accept all</button></div>
<article><h1>Velmar closes its port</h1>{_ARTICLE}<p>First line.<br>Second line.</p>
<ul><li>twelve <b>ships</b></li><li>two ports</li></ul>
<table><tr><th>Port</th><th>Ships</th></tr><tr><td>Taval</td><td>12</td></tr></table>
<blockquote>“We shall wait,” said the mayor of Taval yesterday.</blockquote>
<script>document.write("evil")</script><img src=x onerror="evil()"></article>
<footer>Copyright 2024 Orsk Times. All rights reserved.</footer></body></html>"""


def page(folder: Path, content: str | bytes, name: str = "page.html") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_main_text_and_what_is_known_of_it(tmp_path: Path):
    (document,) = read(page(tmp_path, PAGE))

    paragraphs = document.text.split("\n\n")
    assert paragraphs[0] == "Velmar closes its port"
    assert paragraphs[1] == (
        "The minister of Velmar said on day 1 that the port would stay closed, and Orsk protested loudly against it."
    )
    assert "First line.\nSecond line." in paragraphs
    assert paragraphs[-4:-1] == ["twelve ships", "two ports", "Port\tShips\nTaval\t12"]
    for word in ("evil", "cookies", "Home", "Copyright", "<"):
        assert word not in document.text
    assert (document.title, document.source) == ("Velmar closes its port", "Orsk Times")
    assert (document.date, document.language, document.encoding) == ("2024-03-19", "en", "utf-8")
    assert document.meta["author"] == "Ana Taval"
    assert document.meta["url"] == "https://times.orsk.invalid/port"
    assert "trafilatura" in document.meta["extraction"]


def test_heading_of_a_menu_is_no_title(tmp_path: Path):
    content = (
        "<html><head><title>The accord - Orsk Times</title></head><body><div><h2>Keyboard shortcuts</h2>"
        f"<a href=x>Press</a></div><main><h1>The accord</h1>{_ARTICLE}<h1>Later</h1>{_ARTICLE}</main></body></html>"
    )

    (document,) = read(page(tmp_path, content))

    assert document.title.startswith("The accord")


def test_same_page_gives_the_same_text_again(tmp_path: Path):
    first, again = (next(read(page(tmp_path, PAGE))) for _ in range(2))

    assert first == again


def test_page_that_the_library_stumbles_over_is_taken_whole_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import trafilatura

    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(trafilatura, "bare_extraction", stumble)

    assert "The minister of Velmar" in next(read(page(tmp_path, PAGE))).text
    with pytest.raises(RefusedInputError, match=r"page\.html has no main text"):
        list(read(page(tmp_path, "<a href=x>Home page</a> and <a href=y>more</a>")))


def test_nothing_is_logged_of_a_page(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with caplog.at_level("DEBUG"):
        list(read(page(tmp_path, PAGE)))

    assert [record.message for record in caplog.records if record.levelname != "DEBUG"] == []
    assert "minister" not in caplog.text


def test_date_in_the_running_text_is_no_date_of_the_page(tmp_path: Path):
    (document,) = read(
        page(tmp_path, f"<html><body><article>{_ARTICLE}<p>On 3 May 2012 it was open.</p></article></body></html>")
    )

    assert document.date is None


def test_page_without_links_is_taken_whole(tmp_path: Path):
    (document,) = read(page(tmp_path, "<h1>Note</h1><p>Velmar <i>waits</i>.</p><script>evil()</script>"))

    assert document.text == "Note\n\nVelmar waits."
    assert document.title == "Note"


def test_note_with_a_link_in_which_no_main_text_is_found_is_taken_whole(tmp_path: Path):
    (document,) = read(page(tmp_path, "<p>Velmar <a href=x>waits</a> for the talks with Orsk to begin.</p>"))

    assert document.text == "Velmar waits for the talks with Orsk to begin."
    assert "no main text" in document.meta["extraction"]


@pytest.mark.parametrize(
    "body",
    [
        "<div id='app'></div><script>render('Velmar')</script>",
        "",
        "<!-- nothing -->",
        "<img src='x.png'>",
    ],
)
def test_page_without_text_is_refused(tmp_path: Path, body: str):
    with pytest.raises(RefusedInputError, match=r"page\.html (has no|is empty|cannot be read)"):
        list(read(page(tmp_path, body)))


def test_page_of_links_is_refused(tmp_path: Path):
    links = "".join(f"<li><a href='/{n}'>Item {n} of the long list of things</a></li>" for n in range(200))

    with pytest.raises(RefusedInputError, match=r"page\.html has no main text that could be told from links"):
        list(read(page(tmp_path, f"<html><body><nav><ul>{links}</ul></nav></body></html>")))


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        ("windows-1251", "cp1251"),
        ("iso-8859-1", "cp1252"),
        ("iso-8859-2", "iso8859-2"),
        ("utf-8", "utf-8"),
        ("iso-8859-1", "utf-8"),  # wrong, as many pages are
        ("no-such-encoding", "utf-8"),
    ],
)
def test_encoding_that_the_page_names_counts_where_it_fits(tmp_path: Path, declared: str, used: str):
    words = {"cp1251": "Вельмар закрыл порт", "cp1252": "Velmár “waits”", "iso8859-2": "Łódź Velmár żółć"}.get(
        used, "Łódź — “ü”"
    )
    content = f'<html><head><meta charset="{declared}"></head><body><p>{words}</p></body></html>'.encode(used)

    (document,) = read(page(tmp_path, content))

    assert document.text == words


def test_wish_of_the_analyst_overrules_the_page(tmp_path: Path):
    content = '<meta charset="iso-8859-2"><p>Вельмар</p>'.encode("cp1251")

    (document,) = read(page(tmp_path, content), encoding="cp1251")

    assert document.text == "Вельмар"


def test_page_of_too_many_elements_is_refused_before_its_main_text_is_sought(tmp_path: Path):
    content = "<a href=x>Home page</a><p>Velmar.</p>" * 20_000

    with pytest.raises(RefusedInputError, match=r"page\.html has 40,00\d elements, too many"):
        list(read(page(tmp_path, content)))


def test_too_large_page_is_refused_before_it_is_looked_at(tmp_path: Path):
    path = tmp_path / "page.html"
    with path.open("wb") as stream:
        stream.truncate(2**30)

    with pytest.raises(RefusedInputError, match=r"page\.html is larger than 8 MB"):
        list(read(path))


@pytest.mark.parametrize(
    "content",
    ["<div>" * 100_000 + "Velmar", "<p>" + "<b>" * 50_000 + "Velmar", "<table><tr><td>" * 20_000 + "Velmar"],
    ids=["divs", "bold", "tables"],
)
def test_nesting_without_end_does_not_break_anything(tmp_path: Path, content: str):
    try:
        (document,) = read(page(tmp_path, content))
    except RefusedInputError as error:
        assert "page.html" in str(error)  # noqa: PT017  (either is right: libxml2 ends what is nested too deep)
    else:
        assert document.text == "Velmar"
