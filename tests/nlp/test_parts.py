"""Long texts are cut into parts without loss and where nothing is torn apart."""

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from nlp.parts import MAX_PART_CP, iter_parts
from nlp.suggestion import Range

_PIECES = ["a", "Velmar", " ", "\n", "\r\n", "\r", "\u2028", "\u00a0", ". ", "。", "”", "e\u0301", "\u0301"]
_PIECES += ["🇻🇪", "👩\u200d🔬", "👍🏽", "\u200d", "\n\n", "한", "น\u0e33", "؟", "\ufeff"]
_texts = st.lists(st.sampled_from(_PIECES), max_size=60).map("".join) | st.text(max_size=60)


@given(_texts, st.integers(1, 30))
def test_parts_cover_any_text_without_gap_or_overlap(text, max_cp):
    parts = list(iter_parts(text, max_cp))

    assert "".join(text[start:end] for start, end in parts) == text
    assert all(start < end for start, end in parts)


@given(_texts, st.integers(1, 30))
@example("aa. \u200da", 5)  # a joiner behind the blank that ends a sentence
def test_parts_never_cut_a_grapheme(text, max_cp):
    boundaries = {0, *(match.end() for match in regex.finditer(r"\X", text))}

    assert {end for _, end in iter_parts(text, max_cp)} <= boundaries


@given(_texts, st.integers(1, 30))
def test_only_a_single_long_grapheme_makes_a_part_longer(text, max_cp):
    for start, end in iter_parts(text, max_cp):
        assert end - start <= max_cp or regex.fullmatch(r"\X", text[start:end])


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Orsk agreed. It paid.\n\nTaval did not. Nobody knows", "Orsk agreed. It paid.\n\n"),
        ("Orsk agreed. It paid.\nTaval did not. Nobody knows", "Orsk agreed. It paid.\n"),
        ("Orsk agreed. It paid. Taval did not; nobody knows", "Orsk agreed. It paid. "),
        ("Orsk agreed. “It paid.” Taval did not; nobody knows", "Orsk agreed. “It paid.” "),
        ("Orsk agreed and paid\nTaval did not and nobody knows", "Orsk agreed and paid\n"),
        ("Orsk agreed and paid, Taval did not and nobody knows", "Orsk agreed and paid, Taval did "),
        ("东岸同意了这个协议。塔瓦尔没有同意这个协议，也没有人知道为什么会是这样的结果", "东岸同意了这个协议。"),
    ],
    ids=["paragraph", "sentence and line", "sentence", "quotation", "line", "word", "no white space"],
)
def test_cut_falls_at_the_best_place(text, cut):
    first = next(iter_parts(text, 34))

    assert text[: first.end_cp] == cut


def test_short_text_is_one_part():
    assert list(iter_parts("Velmar pays.")) == [Range(0, 12)]


def test_empty_text_has_no_parts():
    assert list(iter_parts("")) == []


def test_ten_megabytes_are_cut_lazily():
    text = "The envoy of Velmar said that the talks would go on. " * 190_000

    parts = iter_parts(text)

    assert next(parts).end_cp <= MAX_PART_CP
    assert sum(1 for _ in parts) == pytest.approx(len(text) / MAX_PART_CP, rel=0.02)
