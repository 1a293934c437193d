"""Lines on a page are put in the order of reading and made paragraphs, words joined over line ends."""

import pytest

from storage.formats.exchange import ExchangeStretch
from storage.formats.pdf_layout import Paragraph, Piece, paragraphs_of
from storage.formats.pdf_text import Page, text_of

_HEIGHT = 800.0


def line(text: str, left: float, top: float, *, width: float | None = None, height: float = 10.0) -> Piece:
    return Piece(text, left, top, left + (width if width is not None else 5.0 * len(text)), top + height)


def column(words: str, left: float, top: float = 200.0, count: int = 6) -> list[Piece]:
    """Return lines, the last of which ends with a stop."""
    return [
        line(f"{words} {number} of the column of text{'.' * (number == count - 1)}", left, top + 12 * number, width=200)
        for number in range(count)
    ]


def texts(*pieces: Piece) -> list[str]:
    return [" ".join(paragraph.lines) for paragraph in paragraphs_of(pieces, _HEIGHT)]


def test_columns_are_read_one_after_the_other_whatever_their_order_in_the_file():
    left, right = column("left", 50), column("right", 300)
    mixed = [piece for pair in zip(left, right, strict=True) for piece in pair]

    (first, second) = texts(*mixed)

    assert [word for word in first.split() if word.isdigit()] == list("012345")
    assert first.startswith("left 0")
    assert second.startswith("right 0")


def test_headings_across_the_page_part_the_columns_above_from_those_below():
    above = [*column("a", 50, 100), *column("b", 300, 100)]
    heading = line("A heading that runs across the whole width of the page", 50, 200, width=450, height=14)
    below = [*column("c", 50, 240), *column("d", 300, 240)]

    read = texts(*below, heading, *above)

    assert [text[0] for text in read] == ["a", "b", "A", "c", "d"]


def test_a_line_across_the_page_goes_on_in_columns_that_are_close_and_not_in_those_apart():
    across = line("Mira Tan and Ivo Renk", 150, 160, width=200)
    columns = [*column("a", 50), *column("b", 300)]

    assert texts(across, *columns)[0] == "Mira Tan and Ivo Renk"
    assert texts(across._replace(top=186, bottom=196), *columns)[0].startswith("Mira Tan and Ivo Renk a 0")


def test_three_columns():
    read = texts(*column("c", 450), *column("a", 0), *column("b", 225))

    assert [text[0] for text in read] == ["a", "b", "c"]


def test_rows_of_a_table_stay_rows():
    cells = [
        line(text, left, 200 + 14 * row)
        for row, words in enumerate([("Port", "Ships", "Flag"), ("Taval", "12", "Orsk"), ("Velmar", "7", "none")] * 3)
        for text, left in zip(words, (50, 200, 350), strict=True)
    ]

    (paragraph,) = paragraphs_of(cells, _HEIGHT)

    assert paragraph.lines[:2] == ["Port\tShips\tFlag", "Taval\t12\tOrsk"]


def test_paragraphs_begin_after_a_gap_an_indent_a_short_line_or_with_a_bullet():
    def full(words: str, top: float) -> Piece:
        return line(words, 50, top, width=400)

    read = texts(
        full("The first line of a paragraph that is long", 100),
        full("and its second line, which also fills it.", 112),
        full("After a gap the next one begins here and", 140),
        line("ends early.", 50, 152),
        full("So this one is another, which goes on", 164),
        line("Indented, the next one begins in here and", 64, 176, width=386),
        full("goes on below.", 188),
        line("• a bullet that stands for itself and its", 50, 200, width=400),
        line("• other", 50, 212),
    )

    assert [text.split()[0] for text in read] == ["The", "After", "So", "Indented,", "•", "•"]


def test_paragraph_goes_on_in_the_next_column():
    left, right = column("left", 50), column("goes on", 300)

    assert len(texts(*left[:-1], line("and its last line, which", 50, 260, width=200), *right)) == 1


@pytest.mark.parametrize(
    ("last", "first", "is_one"),
    [
        ("and its last line, which", "goes on", True),
        ("and its last line, of", "Velmar", True),
        ("and its last line, which fills it all", "Velmar", True),
        ("A short heading", "Velmar", False),
        ("and its last line. It ends so there.", "and", False),
    ],
)
def test_ends_and_beginnings_tell_whether_a_paragraph_goes_on(last: str, first: str, is_one: bool):
    left, right = column("left", 50), column(first, 300)

    assert (len(texts(*left[:-1], line(last, 50, 260), *right)) == 1) == is_one


def test_heads_and_feet_stand_apart_from_columns():
    head, foot = line("Annual report", 50, 20), line("12", 290, 780)

    read = paragraphs_of([*column("a", 50), *column("b", 300), head, foot], _HEIGHT)

    assert [(paragraph.lines[0].split()[0], paragraph.is_margin) for paragraph in read] == [
        ("Annual", True),
        ("a", False),
        ("b", False),
        ("12", True),
    ]


def page(label: str, *paragraphs: list[str], is_full: bool = True) -> Page:
    return Page(label, [Paragraph(lines, 10.0, is_full=is_full) for lines in paragraphs])


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["Velmar closed", "its port."], "Velmar closed its port."),
        (["the nego-", "tiations went on"], "the negotiations went on"),
        (["the nego\ufffe", "tiations went on"], "the negotiations went on"),
        (["the nego\xad", "tiations"], "the negotiations"),
        (["a long-", "term plan; the long-term view"], "a long-term plan; the long-term view"),
        (["the vice-", "president; a vice for a president"], "the vice-president; a vice for a president"),
        (["in Anglo-", "Saxon law"], "in Anglo-Saxon law"),
        (["in 2023-", "2024 and"], "in 2023-2024 and"),
        (["a Western-", "orchestrated plot of Western states"], "a Western-orchestrated plot of Western states"),
        (["all Western-", "ers of Western states"], "all Westerners of Western states"),
        (["the Sino–", "Russian talks"], "the Sino–Russian talks"),
        (["the talks –", "Russian ones"], "the talks – Russian ones"),
        (["sea-", "and land-based"], "sea- and land-based"),
        (["a dash -", "and on"], "a dash - and on"),
        (["a\tb", "c\td"], "a\tb\nc\td"),
        (["soft\xadly said"], "softly said"),
    ],
)
def test_lines_join_to_running_text(lines: list[str], joined: str):
    assert text_of([page("1", lines)])[0] == joined


def test_pages_are_stretches_and_a_paragraph_goes_on_over_the_break():
    text, stretches = text_of(
        [
            page("iv", ["Velmar closed its"]),
            page("v", ["port, and Orsk", "protested."], ["Again."]),
            page("vi", ["Then."]),
        ]
    )

    assert text == "Velmar closed its port, and Orsk protested.\n\nAgain.\n\nThen."
    assert [(s.kind, s.value, text[s.start_cp : s.end_cp].strip()) for s in stretches] == [
        ("page", "iv", "Velmar closed its"),
        ("page", "v", "port, and Orsk protested.\n\nAgain."),
        ("page", "vi", "Then."),
    ]
    assert stretches[0].end_cp == stretches[1].start_cp == len("Velmar closed its ")


def test_word_that_a_page_break_cuts_is_whole():
    text, stretches = text_of([page("1", ["the nego-"]), page("2", ["tiations"])])

    assert text == "the negotiations"
    assert stretches == (ExchangeStretch("page", 0, 8, "1"), ExchangeStretch("page", 8, 16, "2"))


def test_running_heads_and_feet_are_excluded_and_do_not_cut_paragraphs():
    bodies = [["Velmar closed"], ["its port."], ["Orsk protested."], ["Taval waits."]]
    pages = [page(str(n), [f"Report {n}"], body, [f"- {n} -"]) for n, body in enumerate(bodies, start=1)]

    text, stretches = text_of(pages)

    assert text.startswith("Report 1\n\nVelmar closed its port.\n\n- 1 -\n\nReport 2\n\n")
    excluded = [text[s.start_cp : s.end_cp] for s in stretches if s.kind == "excluded"]
    assert excluded == [words for n in range(1, 5) for words in (f"Report {n}", f"- {n} -")]
    assert [s.value for s in stretches if s.kind == "page"] == ["1", "2", "3", "4"]


def test_headings_that_only_look_alike_are_no_running_heads():
    pages = [page(str(n), ["Chapter"], [f"Text {word}."]) for n, word in enumerate(["one", "two"])]

    assert not [s for s in text_of(pages)[1] if s.kind == "excluded"]
    assert text_of([]) == ("", ())
