"""Documents share batches, come out in order, and one that fails leaves the others alone."""

import itertools

import pytest

from nlp import suggest
from nlp.suggest import BATCH_CP, BATCH_PARTS, Job, Suggester, SuggestError, next_batch
from nlp.suggestion import SuggestRequest


@pytest.fixture
def failing_part(monkeypatch):
    """Make the rules fail on parts that hold the word “cursed”."""
    genuine = suggest.read_part

    def read_part(doc, offset_cp, **options):
        if "cursed" in doc.text:
            raise ValueError(doc.text)
        return genuine(doc, offset_cp, **options)

    monkeypatch.setattr(suggest, "read_part", read_part)


def test_documents_come_out_in_order_with_spans_inside_their_text(suggester, make_request):
    requests = [make_request(number, paragraphs) for number, paragraphs in enumerate([2, 200, 1, 3], start=1)]

    found = list(suggester.suggest_many(requests))

    assert [suggestions.document_id for suggestions in found] == [1, 2, 3, 4]
    for request, suggestions in zip(requests, found, strict=True):
        assert {span.code for span in suggestions.spans} >= {"claim", "cue"}
        for span in suggestions.spans:
            assert all(0 <= start < end <= len(request.text) for start, end in span.fragments)


def test_parts_of_a_long_document_give_what_its_sentences_give_alone(suggester, make_request):
    paragraph = "Orsk said on Monday that Taval must open the port.\n\n"
    single, many = SuggestRequest(1, paragraph), SuggestRequest(2, paragraph * 600)

    alone, together = suggester.suggest_many([single, many])

    claims = [span for span in together.spans if span.code == "claim"]
    assert len([span for span in alone.spans if span.code == "claim"]) == 1
    assert len(claims) == 600
    assert [claim.fragments[0].start_cp % len(paragraph) for claim in claims] == [claims[0].fragments[0].start_cp] * 600


def test_requests_are_taken_one_batch_ahead_at_most(suggester, make_request):
    taken = []

    def requests():
        for number in range(100):
            taken.append(number)
            yield make_request(number)

    next(suggester.suggest_many(requests()))

    assert len(taken) <= BATCH_PARTS


def test_mixed_languages_and_empty_documents_keep_their_order(suggester, make_request):
    requests = [
        make_request(1),
        make_request(2, language="sv"),
        SuggestRequest(3, ""),
        SuggestRequest(4, " \n\n "),
        make_request(5, language="en-GB"),
    ]

    found = list(suggester.suggest_many(requests))

    assert [suggestions.document_id for suggestions in found] == [1, 2, 3, 4, 5]
    assert found[1].model.startswith("blank:sv ")
    assert found[2].spans == found[3].spans == ()


def test_failed_document_is_told_without_its_words_and_the_others_are_done(suggester, make_request, failing_part):
    requests = [make_request(1), SuggestRequest(2, "The cursed accord of Taval."), make_request(3)]
    failures = []

    found = list(suggester.suggest_many(requests, failed=lambda *failure: failures.append(failure)))

    assert [suggestions.document_id for suggestions in found] == [1, 3]
    assert [document_id for document_id, _ in failures] == [2]
    assert "ValueError" in failures[0][1]
    assert "cursed" not in failures[0][1]


def test_failure_raises_where_nobody_listens(suggester, failing_part):
    with pytest.raises(SuggestError) as caught:
        list(suggester.suggest_many([SuggestRequest(7, "The cursed accord of Taval.")]))

    assert caught.value.document_id == 7


def test_progress_counts_documents_and_characters(suggester, make_request):
    requests = [make_request(number) for number in (1, 2, 3)]
    told = []

    list(suggester.suggest_many(requests, progress=lambda *numbers: told.append(numbers)))

    assert told == list(enumerate(itertools.accumulate(len(r.text) for r in requests), start=1))


def test_batch_holds_parts_of_one_language_up_to_its_size(make_request):
    jobs = [Job(make_request(1)), Job(make_request(2)), Job(make_request(3, language="sv"))]

    batch = next_batch(jobs)

    assert [job.document_id for job, _ in batch] == [1, 2]
    assert all(job.is_done for job in jobs[:2])
    assert not jobs[2].is_done


def test_batch_is_bounded_in_parts_and_characters(make_request):
    small = next_batch([Job(make_request(number)) for number in range(20)])
    large = next_batch([Job(make_request(1, paragraphs=1000))])

    assert len(small) == BATCH_PARTS
    assert 0 < sum(end - start for _, (start, end) in large) <= BATCH_CP


def test_pipelines_are_loaded_once_and_two_are_kept(english):
    loaded = []

    def load(language):
        loaded.append(language)
        return english

    suggester = Suggester(load)
    for language in ["en", "en-GB", "sv", "en", "da", "en", "sv"]:
        suggester.info(language)

    assert loaded == ["en", "sv", "da", "sv"]


def test_vocabulary_does_not_grow_with_the_texts(suggester, english):
    words = (SuggestRequest(n, f"Nelvik{n} said that Harrow{n} fears Quillan{n}.") for n in range(40))
    list(suggester.suggest_many([SuggestRequest(0, "Velmar said that it would pay.")]))
    before = len(english.nlp.vocab.strings)

    list(suggester.suggest_many(words))

    assert len(english.nlp.vocab.strings) <= before + 5
