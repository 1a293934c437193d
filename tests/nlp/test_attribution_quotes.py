"""Quotation marks of every style find their partners; apostrophes and stray marks open nothing."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from nlp.attribution.labels import label_candidates
from nlp.attribution.lexicon import load_lexicon
from nlp.attribution.quotations import Quotations
from nlp.attribution.quotes import find_quotations


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He said: “We will stay.” Then he left.", ["“We will stay.”"]),
        ('He said: "We will stay." Then he left.', ['"We will stay."']),
        ("''We will stay,'' he said, ''and wait.''", ["''We will stay,''", "''and wait.''"]),
        ("Er sagte: „Wir bleiben.“ Dann ging er.", ["„Wir bleiben.“"]),
        ("Il a dit « nous restons » hier.", ["« nous restons »"]),
        ("The ‘dead letter’ of Lemsk", ["‘dead letter’"]),
        ("他说「我们留下」。", ["「我们留下」"]),
        ("“The “Lemsk clause” is dead,” she said.", ["“The “Lemsk clause” is dead,”"]),
        ('"The “Lemsk clause” is dead," she said.', ['"The “Lemsk clause” is dead,"']),
        ("”Vi stannar kvar”, sade han. ”Ja.”", ["”Vi stannar kvar”", "”Ja.”"]),
        ("»Vi stannar kvar», sade han.", ["»Vi stannar kvar»"]),
        ("»Wir bleiben«, sagte er.", ["»Wir bleiben«"]),
        ("Hij zei: ‚Wij blijven.’ Toen ging hij.", ["‚Wij blijven.’"]),
        ("〝我们留下〞", ["〝我们留下〞"]),
        ("A stray ”mark that nothing closes", []),
        ("It’s Orsk’s right, and the ministers’ duty.", []),
        ("No marks at all", []),
        ("A wall of 5'11\" and a stray ” mark", []),
    ],
)
def test_pairs_marks_of_every_style(text, quoted):
    assert [text[item.start_cp : item.end_cp] for item in find_quotations(text) if item.is_closed] == quoted


def test_quotation_without_closing_mark_ends_with_its_paragraph():
    text = "“We came first.\n\n“We came second,” she said.\n"
    first, second = find_quotations(text)
    assert (text[first.start_cp : first.end_cp], first.is_closed) == ("“We came first.", False)
    assert (text[second.start_cp : second.end_cp], second.is_closed) == ("“We came second,”", True)


def test_offsets_are_code_points():
    text = "🙂🙂 “Stay,” he said."
    (only,) = find_quotations(text)
    assert (only.start_cp, only.end_cp) == (3, 10)


@given(st.text(alphabet="ab .,'\"“”‘’«»„\n", max_size=60))
def test_quotations_are_in_order_and_never_overlap(text):
    end = 0
    for item in find_quotations(text):
        assert end <= item.start_cp < item.end_cp <= len(text)
        end = item.end_cp


def test_text_of_nothing_but_marks_takes_linear_time():
    """Each mark once looked for its partner among all that follow: minutes for this text."""
    text = "“" * 8_000 + "\n“Yes.”"
    assert [found.inside(text) for found in find_quotations(text)][-1] == "Yes."


def test_text_of_nothing_but_colons_takes_linear_time():
    """Each colon once had all words of its paragraph before it looked at: minutes for this text."""
    doc = Doc(spacy.blank("en").vocab, words=["Orsk", ":"] * 15_000, pos=["PROPN", "PUNCT"] * 15_000)
    assert len(list(label_candidates(Quotations(doc), load_lexicon()))) < 10
