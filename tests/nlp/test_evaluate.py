"""Suggestions are compared with gold by words, one to one."""

import pytest

from nlp.evaluate import GoldDocument, GoldSpan, evaluate
from nlp.suggestion import DocumentSuggestions, Range, SuggestedLink, SuggestedSpan

_TEXT = "Ann Lee said that taxes will fall soon. “We won,” she added."


def _at(words):
    start = _TEXT.index(words)
    return Range(start, start + len(words))


def _suggested(*spans, links=()):
    made = tuple(
        SuggestedSpan(key, code, tuple(map(_at, words)), score) for key, (code, words, score) in enumerate(spans)
    )
    return DocumentSuggestions(1, "rules", "1", "test", made, tuple(SuggestedLink(*link, 0.9) for link in links))


_GOLD = GoldDocument(
    _TEXT,
    (GoldSpan("claim", (_at("taxes will fall soon"),)), GoldSpan("speaker", (_at("Ann Lee"),))),
    (("speaker", 0, 1),),
)


def test_marks_and_blanks_do_not_decide_an_exact_match():
    result = evaluate([(_GOLD, _suggested(("claim", ["taxes will fall soon."], 0.9)))])
    assert (result.exact["claim"].matched, result.overlap["claim"].f1) == (1, 1.0)


def test_half_of_the_words_overlap_and_less_does_not():
    half = evaluate([(_GOLD, _suggested(("claim", ["taxes will"], 0.9)))])
    less = evaluate([(_GOLD, _suggested(("claim", ["taxes"], 0.9)))])
    assert (half.exact["claim"].matched, half.overlap["claim"].matched) == (0, 1)
    assert (less.overlap["claim"].matched, less.overlap["claim"].precision) == (0, 0.0)


def test_two_suggestions_match_one_gold_span_once():
    result = evaluate([(_GOLD, _suggested(("claim", ["taxes will fall"], 0.9), ("claim", ["will fall soon"], 0.9)))])
    tally = result.overlap["claim"]
    assert (tally.matched, tally.gold, tally.suggested) == (1, 1, 2)
    assert (tally.precision, tally.recall) == (0.5, 1.0)


def test_link_counts_where_both_ends_do():
    spans = (("claim", ["taxes will fall soon"], 0.9), ("person", ["Lee"], 0.9), ("person", ["she"], 0.9))
    right = evaluate([(_GOLD, _suggested(*spans, links=[("speaker", 0, 1)]))])
    wrong = evaluate([(_GOLD, _suggested(*spans, links=[("speaker", 0, 2)]))])
    assert (right.links["speaker"].matched, wrong.links["speaker"].matched) == (1, 0)


def test_scores_below_the_threshold_do_not_count():
    result = evaluate([(_GOLD, _suggested(("claim", ["taxes will fall soon"], 0.3)))], least_scores={"claim": 0.5})
    assert (result.overlap["claim"].suggested, result.overlap["claim"].gold) == (0, 1)


def test_differences_are_told_by_kind():
    spans = (("claim", ["taxes will fall"], 0.9), ("claim", ["We won"], 0.9))
    result = evaluate([(_GOLD, _suggested(*spans))])
    claims = [(item.kind, item.gold, item.suggested) for item in result.differences if item.code == "claim"]
    assert claims == [("inexact", "taxes will fall soon", "taxes will fall"), ("wrong", "", "We won")]


def test_only_what_begins_in_the_reviewed_stretches_is_compared():
    gold = GoldDocument(_TEXT, _GOLD.spans, _GOLD.links, stretches=(_at("“We won,” she added."),))
    spans = (("claim", ["taxes will fall"], 0.9), ("claim", ["We won"], 0.9))
    tally = evaluate([(gold, _suggested(*spans))]).overlap["claim"]
    assert (tally.gold, tally.suggested) == (0, 1)


def test_what_reaches_into_an_excluded_part_is_not_compared():
    gold = GoldDocument(_TEXT, _GOLD.spans, _GOLD.links, excluded=(_at("soon. “We"),))
    spans = (("claim", ["taxes will fall soon"], 0.9), ("claim", ["We won"], 0.9), ("person", ["Ann Lee"], 0.9))
    result = evaluate([(gold, _suggested(*spans))])
    assert (result.overlap["claim"].gold, result.overlap["claim"].suggested) == (0, 0)
    assert result.overlap["person"].suggested == 1


def test_sources_without_a_label_are_compared_with_the_ends_of_speaker_links():
    spans = (("claim", ["taxes will fall soon"], 0.9), ("person", ["Ann Lee"], 0.9))
    result = evaluate([(_GOLD, _suggested(*spans, links=[("speaker", 0, 1)]))])
    assert result.exact["speaker"].f1 == 1.0


def test_nothing_to_compare_gives_zeros():
    assert evaluate([]).exact["claim"].f1 == pytest.approx(0.0)
