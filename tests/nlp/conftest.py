"""Documents in the genre, and the English pipeline loaded once."""

import random

import pytest

from nlp.pipelines import load_pipeline
from nlp.suggest import Suggester
from nlp.suggestion import SuggestRequest


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
