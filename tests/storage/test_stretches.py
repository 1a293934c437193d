"""The rules of stretches, and what a paragraph is."""

from __future__ import annotations

import pytest

from storage.errors import InvalidEditError
from storage.records import Fragment
from storage.stretches import check_stretches, paragraph_at, paragraphs, touches_any

TEXT = "\n  One. \r\n\r\nTwo\u2028Three \n"


@pytest.mark.parametrize(
    ("stretches", "told"),
    [
        ([("leaf", 0, 5)], "“leaf”, not one of excluded, page"),
        ([("page", 5, 5)], "is empty or outside"),
        ([("page", 0, 21)], "is empty or outside"),
        ([("page", -1, 5)], "is empty or outside"),
        ([("page", 4, 9), ("page", 0, 5)], "4-9 .page. overlaps another one of its kind"),
    ],
)
def test_what_cannot_stand_is_refused(stretches, told) -> None:
    with pytest.raises(InvalidEditError, match=told):
        check_stretches(20, stretches)


def test_pages_and_excluded_parts_may_overlap_each_other(bench) -> None:
    check_stretches(20, [("page", 10, 20), ("excluded", 5, 15), ("page", 0, 10)])


def test_paragraphs_are_lines_without_white_space_around() -> None:
    assert [TEXT[start:end] for start, end in paragraphs(TEXT)] == ["One.", "Two", "Three"]


@pytest.mark.parametrize(
    ("pos_cp", "words"),
    [(0, None), (1, "One."), (3, "One."), (7, "One."), (10, None), (12, "Two"), (15, "Two"), (16, "Three"), (23, None)],
)
def test_the_paragraph_at_a_position(pos_cp, words) -> None:
    found = paragraph_at(TEXT, pos_cp)
    assert (found and TEXT[found.start_cp : found.end_cp]) == words


def test_touching_is_sharing_a_character() -> None:
    ranges = [(2, 4), (8, 9)]
    touched = [touches_any(ranges, start, start + 1) for start in range(10)]
    assert touched == [False, False, True, True, False, False, False, False, True, False]
    assert touches_any(ranges, 0, 10)
    assert not touches_any([], *Fragment(0, 10))
