"""Training data say what analysts decided: aligned, complete where declared so, written whole or not at all."""

import errno
import json
from dataclasses import replace

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import DocBin

from nlp.docbin import TrainingExport, TrainingExportError, export_docbin, split_documents
from nlp.pipelines import load_tokenizer
from nlp.suggestion import Range, TrainingDocument, TrainingSpan
from nlp.training.docs import DocMaker
from nlp.training.report import Fate
from nlp.training.stretches import MAX_STRETCH_CP, touches, without

_TEXT = "Velmar said that Orsk pays. Taval’s envoy was silent.\n\nIlse Maro left the room. Nobody came."
_FILES = {"train.spacy", "dev.spacy", "config.cfg", "report.md", "report.json"}


def _span(kind, label, *quotes, text=_TEXT):
    return TrainingSpan(
        kind, label, tuple(Range(text.index(quote), text.index(quote) + len(quote)) for quote in quotes)
    )


def _stretch(quote, text=_TEXT):
    return Range(text.index(quote), text.index(quote) + len(quote))


def _document(confirmed=(), rejected=(), reviewed=None, document_id=1, text=_TEXT, title="Brief"):
    reviewed = [Range(0, len(text))] if reviewed is None else reviewed
    return TrainingDocument(document_id, title, text, "en", confirmed, rejected, reviewed)


def _read(path):
    nlp = spacy.blank("en")
    return list(DocBin(store_user_data=True).from_disk(path).get_docs(nlp.vocab))


@pytest.fixture
def export(tmp_path):
    """Export documents and return the Docs of all, and the report."""

    def run(*documents, **options):
        report = export_docbin(documents, tmp_path / "out", **options)
        docs = _read(tmp_path / "out" / "train.spacy")
        if len(documents) > 1:
            docs += _read(tmp_path / "out" / "dev.spacy")
        return docs, report

    return run


_ALL = [
    _span("actor", "State", "Velmar"),
    _span("cue", "Cue", "said"),
    _span("claim", "Claim", "Orsk pays"),
    _span("actor", "Person", "Ilse Maro"),
]


def test_mentions_become_entities_and_all_spans_go_under_sc(export):
    (doc,), report = export(_document(_ALL))

    assert doc.text == _TEXT
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Velmar", "State"), ("Ilse Maro", "Person")]
    assert [(span.text, span.label_) for span in doc.spans["sc"]] == [
        ("Velmar", "State"),
        ("said", "Cue"),
        ("Orsk pays", "Claim"),
        ("Ilse Maro", "Person"),
    ]
    assert doc.user_data["document_id"] == 1
    assert report.notes == []


def test_what_is_not_marked_in_a_reviewed_document_is_outside(export):
    (doc,), _ = export(_document(_ALL))

    assert {token.ent_iob_ for token in doc if not token.ent_type_} == {"O"}


def test_what_is_not_reviewed_is_missing_and_not_outside(export):
    docs, report = export(_document(_ALL, reviewed=[_stretch("Velmar said that Orsk pays.")]))

    assert [doc.text for doc in docs] == ["Velmar said that Orsk pays.", "Ilse Maro left the room."]
    assert [token.ent_iob_ for token in docs[0]] == ["B", "O", "O", "O", "O", "O"]
    assert [token.ent_iob_ for token in docs[1]] == ["B", "I", "", "", "", ""]
    assert (report.words_complete, report.words_missing) == (6, 6)


def test_sentences_without_decisions_outside_reviewed_stretches_are_left_out(export):
    docs, _ = export(_document([_span("actor", "State", "Velmar")], reviewed=[]))

    assert [doc.text for doc in docs] == ["Velmar said that Orsk pays."]
    assert [token.ent_iob_ for token in docs[0]] == ["B", "", "", "", "", ""]


def test_only_reviewed_leaves_other_sentences_out_and_lists_their_spans(export):
    docs, report = export(_document(_ALL, reviewed=[_stretch("Velmar said that Orsk pays.")]), only_reviewed=True)

    assert [doc.text for doc in docs] == ["Velmar said that Orsk pays."]
    assert [(note.fate, note.quote) for note in report.notes] == [(Fate.LEFT_OUT, "Ilse Maro")]


def test_excluded_parts_are_left_out_and_what_reaches_into_them_is_counted(export):
    advert = "Subscribe now, Orsk!"
    text = f"Velmar said that Orsk pays. {advert} Taval was silent."
    spans = [
        _span("actor", "State", "Velmar", text=text),
        _span("claim", "Claim", "Orsk pays", "Taval was silent", text=text),
        TrainingSpan("actor", "State", (Range(text.rindex("Orsk"), text.rindex("Orsk") + 4),)),
    ]
    document = replace(_document(spans, text=text), excluded=(_stretch(advert, text),))
    docs, report = export(document)

    assert [doc.text for doc in docs] == ["Velmar said that Orsk pays.", "Taval was silent."]
    assert [[span.text for span in doc.spans["sc"]] for doc in docs] == [["Velmar"], []]
    assert [{token.ent_iob_ for token in doc} for doc in docs] == [{"B", "O"}, {"O"}]
    assert (report.spans_excluded, {note.reason for note in report.notes}) == (
        2,
        {"it reaches into a part that is excluded from the work"},
    )
    assert "2 decided spans reach into excluded parts" in report.to_markdown()


def test_sentences_around_decisions_end_where_an_excluded_part_begins(export):
    text = "Velmar pays (see our advert: buy) and Orsk pays"
    spans = [_span("actor", "State", "Velmar", text=text), _span("actor", "State", "Orsk", text=text)]
    document = replace(_document(spans, reviewed=(), text=text), excluded=(_stretch("(see our advert: buy)", text),))
    docs, _ = export(document)

    assert [doc.text for doc in docs] == ["Velmar pays", "and Orsk pays"]


_RANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=6).map(
    lambda pairs: [Range(start, start + length) for start, length in pairs]
)


@given(ranges=_RANGES, cuts=st.sets(st.integers(0, 40), max_size=8))
def test_without_leaves_exactly_the_characters_that_are_not_excluded(ranges, cuts):
    ends = sorted(cuts)
    excluded = [Range(*pair) for pair in zip(ends[::2], ends[1::2], strict=False)]
    out = {cp for item in excluded for cp in range(*item)}

    for item in ranges:
        left = [cp for piece in without([item], excluded) for cp in range(*piece)]
        assert left == [cp for cp in range(*item) if cp not in out]
        assert touches(item, excluded) == (len(left) < item.end_cp - item.start_cp)


def test_nothing_reviewed_is_warned_about(export):
    _, report = export(_document(_ALL, reviewed=[]))

    assert any("reviewed" in warning for warning in report.warnings)


def test_rejected_mentions_are_incorrect_spans_and_rejected_claims_are_kept_apart(export):
    rejected = [_span("actor", "Group", "Nobody"), _span("claim", "Claim", "Nobody came")]

    (doc,), report = export(_document(_ALL, rejected))

    assert [(span.text, span.label_) for span in doc.spans["incorrect_spans"]] == [("Nobody", "Group")]
    assert [span.text for span in doc.spans["rejected"]] == ["Nobody came"]
    assert report.rejected == 2


def test_span_both_confirmed_and_rejected_is_confirmed(export):
    velmar = _span("actor", "State", "Velmar")

    (doc,), report = export(_document([velmar], [velmar]))

    assert [ent.text for ent in doc.ents] == ["Velmar"]
    assert len(doc.spans["incorrect_spans"]) == 0
    assert report.count(Fate.LEFT_OUT) == 1


def test_longest_of_overlapping_mentions_is_the_entity_and_both_are_spans(export):
    (doc,), report = export(_document([_span("actor", "Name", "Maro"), _span("actor", "Person", "Ilse Maro")]))

    assert [ent.text for ent in doc.ents] == ["Ilse Maro"]
    assert [span.text for span in doc.spans["sc"]] == ["Ilse Maro", "Maro"]
    assert [(note.fate, note.quote) for note in report.notes] == [(Fate.LEFT_OUT, "Maro")]


@pytest.mark.parametrize(("quote", "moved"), [("Tav", "Taval"), ("oom", "room"), ("elmar sai", "Velmar said")])
def test_boundary_inside_a_token_is_moved_and_reported(export, quote, moved):
    (doc,), report = export(_document([_span("actor", "State", quote)]))

    assert [ent.text for ent in doc.ents] == [moved]
    assert [(note.fate, note.quote) for note in report.notes] == [(Fate.MOVED, quote)]
    assert moved in report.notes[0].reason


def test_fragments_become_spans_of_their_own(export):
    (doc,), report = export(_document([_span("claim", "Claim", "Orsk pays", "left the room")]))

    assert [span.text for span in doc.spans["sc"]] == ["Orsk pays", "left the room"]
    assert [(note.fate, note.quote) for note in report.notes] == [(Fate.SPLIT, "Orsk pays left the room")]


def test_same_span_of_two_analysts_counts_once(export):
    (doc,), report = export(_document([*_ALL, _ALL[0]]))

    assert [span.text for span in doc.spans["sc"]].count("Velmar") == 1
    assert report.count(Fate.LEFT_OUT) == 1


def test_span_crossing_the_edge_of_a_reviewed_stretch_stays_whole(export):
    claim = _span("claim", "Claim", "Orsk pays. Taval’s envoy")

    (doc,), _ = export(_document([claim], reviewed=[_stretch("Velmar said that Orsk pays.")]))

    assert [span.text for span in doc.spans["sc"]] == ["Orsk pays. Taval’s envoy"]
    assert {token.text: token.ent_iob_ for token in doc}["silent"] == ""


def test_long_documents_are_cut_but_never_inside_a_span(export):
    sentence = "Velmar said that Orsk would pay for all of it. "
    text = sentence * 400
    spans = [
        TrainingSpan("claim", "Claim", (Range(start + 17, start + 17 + 3 * len(sentence) - 19),))
        for start in range(0, len(text) - 4 * len(sentence), 3 * len(sentence))
    ]

    docs, report = export(_document(spans, text=text))

    assert len(docs) > 3
    assert max(len(doc.text) for doc in docs) < 1.1 * MAX_STRETCH_CP
    assert sum(len(doc.spans["sc"]) for doc in docs) == len(spans)
    assert " ".join(doc.text for doc in docs) == text.strip()
    assert report.notes == []


_words = st.lists(
    st.sampled_from(["Velmar", " ", "\n", "e\u0301", "🇻🇪", "东岸", "\u00a0", "-", ".", "“", "’s", "\r\n", "don't"]),
    min_size=1,
    max_size=30,
).map("".join)


@pytest.fixture(scope="module")
def tokenizer():
    return load_tokenizer("en")


@given(_words, st.data())
def test_every_span_goes_in_or_is_noted_whatever_the_text(tokenizer, text, data):
    spans = []
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        if not text[start].isspace() and not text[end - 1].isspace():
            kind = data.draw(st.sampled_from(["actor", "claim"]))
            spans.append(TrainingSpan(kind, kind, (Range(start, end),)))
    reviewed = [Range(0, data.draw(st.integers(0, len(text))))]
    maker = DocMaker(tokenizer)

    docs = list(maker.docs(_document(spans, [], reviewed, text=text)))

    left_out = [note for note in maker.notes if "only in spans" not in note.reason and note.fate is Fate.LEFT_OUT]
    assert sum(len(doc.spans["sc"]) for doc in docs) + len(left_out) == len(spans)
    for doc in docs:
        assert text[doc.user_data["start_cp"] :].startswith(doc.text)
        for span in doc.spans["sc"]:
            assert not span[0].is_space
            assert not span[-1].is_space


def test_report_names_title_quote_and_reason_without_markup(export, tmp_path):
    title = "A <b>bold</b> [link](x) | title"

    _, report = export(_document([_span("actor", "State", "Tav")], title=title))

    markdown = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    data = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert "<b>" not in markdown
    assert "Tav" in markdown
    assert report.command in markdown
    assert data["notes"][0]["title"] == title
    assert data["counts"]["moved"] == 1
    assert data["train"]["entities"] == {"State": 1}


def test_documents_without_decisions_are_named(export):
    _, report = export(
        _document(_ALL), _document(reviewed=[], document_id=2, title="Empty one"), _document(_ALL, document_id=3)
    )

    assert report.documents_without_decisions == ["Empty one"]
    assert report.train.documents == report.dev.documents == 1


def test_documents_of_another_language_are_told(export):
    other = TrainingDocument(2, "B", _TEXT, "de", _ALL, [], [])

    _, report = export(_document(_ALL), other)

    assert report.language == "en"
    assert report.other_languages == {"de": 1}
    assert any("de (1)" in warning for warning in report.warnings)


@given(st.sets(st.integers(0, 10_000), min_size=2, max_size=60), st.floats(0, 1), st.integers(0, 5))
def test_both_sides_of_the_split_hold_a_document(document_ids, dev_share, seed):
    dev = split_documents(sorted(document_ids), dev_share=dev_share, seed=seed)

    assert 0 < len(dev) < len(document_ids)
    assert dev == split_documents(sorted(document_ids, reverse=True), dev_share=dev_share, seed=seed)


def test_split_is_near_its_share_and_stays_when_documents_come():
    some, more = range(1000), range(2000)

    dev = split_documents(some, dev_share=0.2, seed=0)
    later = split_documents(more, dev_share=0.2, seed=0)

    assert len(dev) == pytest.approx(200, abs=40)
    assert later & set(some) == dev
    assert split_documents(some, dev_share=0.2, seed=1) != dev


def test_documents_are_not_torn_between_train_and_dev(tmp_path, make_training_document):
    export_docbin((make_training_document(n, 120) for n in range(10)), tmp_path)

    train = {doc.user_data["document_id"] for doc in _read(tmp_path / "train.spacy")}
    dev = {doc.user_data["document_id"] for doc in _read(tmp_path / "dev.spacy")}
    assert train | dev == set(range(10))
    assert not train & dev


def test_single_document_is_both_sides_with_a_warning(export, tmp_path):
    _, report = export(_document(_ALL))

    assert len(_read(tmp_path / "out" / "dev.spacy")) == 1
    assert any("repeats" in warning for warning in report.warnings)


def test_nothing_confirmed_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(TrainingExportError, match="nothing to train on"):
        export_docbin([_document()], tmp_path / "out")

    assert list(tmp_path.iterdir()) == []


def test_failure_keeps_the_export_that_was_there_before(tmp_path, monkeypatch):
    export_docbin([_document(_ALL)], tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("nlp.training.spool.os.fsync", full)
    with pytest.raises(TrainingExportError, match="No space left"):
        export_docbin([_document(_ALL, document_id=2)], tmp_path)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_failing_source_of_documents_leaves_nothing(tmp_path):
    def documents():
        yield _document(_ALL)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        export_docbin(documents(), tmp_path / "out")

    assert list(tmp_path.iterdir()) == []


def test_other_files_in_the_folder_stay_and_remains_of_a_killed_export_go(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    killed = TrainingExport(tmp_path)
    killed.add(_document(_ALL))
    killed._spool.close()

    export_docbin([_document(_ALL)], tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == _FILES | {"notes.txt"}


def test_progress_counts_documents(tmp_path):
    told = []

    export_docbin((_document(_ALL, document_id=n) for n in range(3)), tmp_path, progress=told.append)

    assert told == [1, 2, 3]


def test_files_are_what_spacy_itself_would_write(tmp_path, make_training_document):
    export_docbin((make_training_document(n) for n in range(5)), tmp_path)
    nlp = spacy.blank("en")
    path = tmp_path / "train.spacy"

    again = DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=True, docs=_read(path))

    ours = DocBin().from_disk(path)
    theirs = DocBin().from_bytes(again.to_bytes())
    for one, other in zip(ours.get_docs(nlp.vocab), theirs.get_docs(nlp.vocab), strict=True):
        assert one.to_json() == other.to_json()


def test_a_configuration_that_somebody_edited_is_kept(export, tmp_path):
    export(_document(_ALL))
    config = tmp_path / "out" / "config.cfg"
    written = config.read_bytes()
    _, again = export(_document(_ALL))
    assert {path.name for path in config.parent.iterdir()} == _FILES
    assert not any("kept" in warning for warning in again.warnings)

    for number in (1, 2):
        config.write_text(f"# mine, {number}", "utf-8")
        _, report = export(_document(_ALL))
        assert any(f"config.before-{number}.cfg" in warning for warning in report.warnings)
        assert (config.parent / f"config.before-{number}.cfg").read_text("utf-8") == f"# mine, {number}"
    assert config.read_bytes() == written
