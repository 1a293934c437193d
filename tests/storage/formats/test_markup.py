"""HTML made plain: paragraphs, rows and line ends as they are seen, and nothing that is not."""

import pytest

from storage.errors import RefusedInputError
from storage.formats.markup import decode_markup, paragraphs_of, parse_html


def plain(markup: str, **how: bool) -> list[str]:
    return paragraphs_of(parse_html(markup, "a.html", **how))


@pytest.mark.parametrize(
    ("markup", "paragraphs"),
    [
        ("<p>Velmar\n  <b>closed</b> its\tport.</p><p>Orsk</p>", ["Velmar closed its port.", "Orsk"]),
        ("<p>one<br>two<br/>  three </p>", ["one\ntwo\nthree"]),
        ("text <div>in <p>blocks</p> and</div> out", ["text", "in", "blocks", "and", "out"]),
        ("<ul><li>ships<li>ports</ul>", ["ships", "ports"]),
        ("<pre>a  b\n  c</pre> d  e", ["a  b\n  c", "d e"]),
        ("<p>a&nbsp;b &amp; &lt;c&gt; &#x1F600;</p>", ["a\xa0b & <c> 😀"]),
        ("<p>be<script>evil()</script>fore<style>p{}</style></p>after<!-- not -->wards", ["before", "afterwards"]),
        ("<p hidden>no</p><p style='display: NONE'>no</p><p>yes</p>", ["yes"]),
        ("<form>Name <input value=x><button>Go</button> please</form>", ["Name please"]),
        ("<noscript>no</noscript><svg><text>no</text></svg><template>no</template>yes", ["yes"]),
        ("<table><caption>Ports</caption><tr><th>a<th>b<tr><td>c<br>d<td></table>x", ["Ports\na\tb\nc d", "x"]),
        ("<table><tr><td>a<td><table><tr><td>b<td>c</table></table>", ["a\tb\tc"]),
        ("<td>lost cell</td> and on", ["lost cell", "and on"]),
        ("", []),
    ],
)
def test_what_is_seen_comes_out_in_paragraphs(markup: str, paragraphs: list[str]):
    assert plain(f"<html><body>{markup}</body></html>") == paragraphs


def test_elements_closed_as_in_xml():
    assert plain("<html><head><title/></head><body><p/><p>a<br/>b</p><hr/>c</body></html>", is_xml=True) == [
        "a\nb",
        "c",
    ]


def test_nothing_but_comments_is_refused():
    with pytest.raises(RefusedInputError, match=r"a\.html (has no text|cannot be read)"):
        plain("<!-- -->")


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("<meta charset=windows-1251>Вельмар".encode("cp1251"), "windows-1251", "Вельмар"),
        ('<?xml version="1.0" encoding="ISO-8859-2"?>Łódź'.encode("iso8859-2"), "iso-8859-2", "Łódź"),
        ("<meta charset=iso-8859-1>“Velmár”".encode("cp1252"), "windows-1252", "“Velmár”"),
        ("<meta charset=iso-8859-1>“Velmár”".encode(), "utf-8", "“Velmár”"),
        (b"\xef\xbb\xbf<meta charset=windows-1251>Velmar", "utf-8", "Velmar"),
        ("<meta charset=utf-16>Velmar".encode("utf-16"), "utf-16-le", "Velmar"),
        (b"<meta charset=utf-7>Velmar +AGE-", "utf-8", "Velmar +AGE-"),
    ],
)
def test_encoding_that_fits_is_taken(data: bytes, encoding: str, text: str):
    decoded = decode_markup(data, where="a.html")

    assert decoded.encoding == encoding
    assert decoded.text.endswith(text)
