"""Sentences start with paragraphs, and wrapped lines start nothing."""

import spacy

from nlp.paragraphs import start_sentences_at_paragraphs


def _starts(text):
    doc = start_sentences_at_paragraphs(spacy.blank("en")(text))
    return [token.text for token in doc if token.is_sent_start and token.i > 0]


def test_blank_line_starts_a_sentence_even_after_a_heading():
    assert _starts("The ford\n\nOrsk waited.") == ["Orsk"]


def test_line_break_after_a_full_stop_starts_a_sentence():
    assert _starts("Orsk waited.\nVelmar left.") == ["Velmar"]


def test_wrapped_line_starts_nothing():
    assert _starts("Orsk waited for\nthe spring.") == []


def test_words_without_any_end_are_cut_and_sentences_are_not():
    sentence = " ".join(["Orsk waits"] * 60) + ". "
    doc = start_sentences_at_paragraphs(spacy.blank("en")(sentence * 5 + "Orsk waits " * 450))
    starts = [token.i for token in doc if token.i and token.is_sent_start]
    ends = [token.i for token in doc if token.text == "."]
    assert starts == [ends[-1] + 401, ends[-1] + 801]
