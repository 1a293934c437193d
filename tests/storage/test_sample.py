"""The sample project is complete, sound, and shows what the program is about."""

from importlib import resources

import pytest

import storage.sample
from storage.formats.exchange import ExchangeDocument
from storage.sample import sample_actors, sample_documents
from storage.text import check_text

DOCUMENTS = sample_documents()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.where)
def test_document_is_sound_and_of_a_length_to_read(document: ExchangeDocument):
    check_text(document.text)
    assert 250 <= len(document.text.split()) <= 450
    assert document.title in document.text
    assert document.source
    assert document.date
    assert "\r" not in document.text
    assert document.text == document.text.strip() + "\n"


def test_every_file_is_listed_once():
    files = {item.name for item in resources.files(storage.sample).iterdir() if item.name.endswith((".txt", ".md"))}

    assert [document.where for document in DOCUMENTS] == list(dict.fromkeys(document.where for document in DOCUMENTS))
    assert {document.where for document in DOCUMENTS} == files
    assert [document.date for document in DOCUMENTS] == sorted(document.date or "" for document in DOCUMENTS)


@pytest.mark.parametrize("words", ["东岸", "Dong’an", "🌊", "# ", "• ", "According to", ",” she said. “", "warning of"])
def test_the_sample_shows_what_texts_may_hold(words: str):
    assert any(words in document.text for document in DOCUMENTS)


def test_every_actor_and_alias_stands_in_a_text():
    texts = "\n".join(document.text for document in DOCUMENTS)
    names = [name for actor in sample_actors() for name in (actor.name, *actor.aliases)]

    assert [name for name in names if name not in texts] == []
    assert len(names) == len(set(names))
    assert {actor.code for actor in sample_actors()} <= {"state", "person", "organisation", "group"}
