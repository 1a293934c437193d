from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.document.blocks import BLOCK_LIMIT_CP, BlockTable
from gui.document.positions import Positions

LINES = st.lists(
    st.sampled_from(["a", " b", "\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f", "\x1c", "\U0001f30a"]),
    max_size=40,
).map("".join)


def table_of(text: str) -> BlockTable:
    return BlockTable(Positions(text))


@given(LINES)
def test_blocks_hold_every_character_but_line_ends(text):
    table = table_of(text)
    rebuilt = ""
    for n, (start_cp, end_cp) in enumerate(zip(table.starts, table.ends, strict=True)):
        block = text[start_cp:end_cp]
        assert not set(block) & set("\n\r\v\f\x85\u2028\u2029")
        next_cp = table.starts[n + 1] if n + 1 < len(table) else len(text)
        assert text[end_cp:next_cp] in {"", "\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f"}
        rebuilt += text[start_cp:next_cp]
    assert rebuilt == text


def test_an_empty_text_is_one_empty_block():
    table = table_of("")
    assert (table.starts, table.ends) == ([0], [0])


def test_long_lines_are_cut_at_sentence_ends():
    text = "A sentence of some length about Velmar. " * 400
    table = table_of(text)
    assert len(table) > 3
    assert all(e - s <= BLOCK_LIMIT_CP for s, e in zip(table.starts, table.ends, strict=True))
    assert all(text[end_cp - 2 : end_cp] == ". " for end_cp in table.ends[:-1])
    assert table.ends[:-1] == table.starts[1:]


def test_long_lines_without_blanks_are_cut_between_graphemes():
    table = table_of("e\u0301" * 6_000)
    assert len(table) > 2
    assert all(start_cp % 2 == 0 for start_cp in table.starts)


def test_one_endless_grapheme_is_not_cut():
    assert len(table_of("e" + "\u0301" * 9_000)) == 1


@given(LINES, st.data())
def test_each_position_lies_in_the_block_that_is_found_for_it(text, data):
    table = table_of(text)
    pos_cp = data.draw(st.integers(0, len(text)))
    block = table.block_at(pos_cp)
    assert table.starts[block] <= pos_cp
    assert block + 1 == len(table) or pos_cp < table.starts[block + 1]


def test_blocks_of_a_range_are_those_it_touches():
    table = table_of("one\ntwo\nthree")
    assert list(table.blocks_of(0, 3)) == [0]
    assert list(table.blocks_of(0, 5)) == [0, 1]
    assert list(table.blocks_of(4, 13)) == [1, 2]
    assert list(table.blocks_of(5, 5)) == [1]
