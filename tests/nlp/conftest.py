"""Documents in the genre, and the English pipeline loaded once."""

import random

import pytest

from nlp.pipelines import load_pipeline
from nlp.suggest import Suggester
from nlp.suggestion import Range, SuggestRequest, TrainingDocument, TrainingSpan


@pytest.fixture(scope="session")
def english():
    return load_pipeline("en")


@pytest.fixture
def suggester(english):
    """A suggester that shares the session's English pipeline and loads others for real."""
    return Suggester(lambda language: english if language == "en" else load_pipeline(language))


def _paragraph(chance: random.Random) -> str:
    who = chance.choice(["Velmar", "Orsk", "the League", "Foreign Minister Ilse Maro", "President Teodor Vask"])
    verb = chance.choice(["said", "warned", "argued", "announced"])
    whom = chance.choice(["Taval", "the Orsk delegation", "the northern provinces"])
    what = chance.choice(["would leave the talks", "had broken the accord", "must open the port"])
    return f"{who} {verb} on Monday that {whom} {what}. “We will not wait,” the minister told reporters.\n\n"


@pytest.fixture
def make_request():
    """Make a request for an invented document of a number of paragraphs."""

    def make(document_id: int, paragraphs: int = 2, language: str = "en") -> SuggestRequest:
        chance = random.Random(document_id)
        text = "".join(_paragraph(chance) for _ in range(paragraphs))
        return SuggestRequest(document_id, text, language)

    return make


_STATES = ["Velmar", "Orsk", "Taval", "Quorra", "Harrow", "Nelvik", "Sunder", "Dong'an"]
_PERSONS = ["Ilse Maro", "Teodor Vask", "Anders Pell", "Mina Corvo", "Juno Hale", "Pavel Strand"]
_CUES = ["said", "warned", "announced", "argued"]
_CLAIMS = [
    "the talks would end before the winter",
    "its port had been closed for two long years without any reason",
    "the accord of Lemsk was a mistake",
    "nobody would pay for the bridge over the strait",
    "new elections must be held at once",
]
_PLAIN = [
    "Rain fell on the harbour for most of the week.",
    "The price of bread doubled in the northern provinces.",
    "A second round of talks was put off until the spring.",
]


class _Writer:
    """Writes a text of labelled pieces and notes where they are."""

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[TrainingSpan] = []

    def add(self, text: str, kind: str = "", label: str = "") -> None:
        if label:
            place = Range(len(self.text), len(self.text) + len(text))
            self.spans.append(TrainingSpan(kind, label, (place,)))
        self.text += text


def _write_training_document(document_id: int, sentences: int = 12) -> TrainingDocument:
    chance = random.Random(document_id)
    writer = _Writer()
    for number in range(sentences):
        if number % 3 == 2:
            writer.add(chance.choice(_PLAIN))
        else:
            is_state = chance.random() < 0.5
            who = chance.choice(_STATES if is_state else _PERSONS)
            writer.add(who, "actor", "State" if is_state else "Person")
            writer.add(" ")
            writer.add(chance.choice(_CUES), "cue", "Cue")
            writer.add(" that ")
            writer.add(chance.choice(_CLAIMS), "claim", "Claim")
            writer.add(".")
        writer.add("\n\n" if number % 4 == 3 else " ")
    whole = (Range(0, len(writer.text)),)
    return TrainingDocument(document_id, f"Brief {document_id}", writer.text, "en", writer.spans, (), whole)


@pytest.fixture(scope="session")
def make_training_document():
    """Make an invented, fully reviewed document in which rules decided all spans."""
    return _write_training_document
