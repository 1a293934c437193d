"""The exported folder trains a model for real, which finds mentions and claims in a text that it never saw."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest
import spacy
from spacy.util import load_config

from nlp.docbin import export_docbin
from nlp.pipelines import quiet_spacy
from nlp.suggestion import Range
from nlp.training.config import reach

_STEPS = 80


def _half_reviewed(document):
    """Declare the first half of a document complete only; what is confirmed in the other half stays confirmed."""
    return replace(document, reviewed=(Range(0, document.text.index("\n\n")),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, make_training_document):
    out = tmp_path_factory.mktemp("export")
    documents = (make_training_document(n) for n in range(40))
    export_docbin((doc if doc.document_id % 2 else _half_reviewed(doc) for doc in documents), out)
    return out


def _spacy(folder, *arguments):
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-m", "spacy", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_spacy_debug_data_accepts_the_export(folder):
    result = _spacy(folder, "debug", "data", "config.cfg")

    assert "Pipeline can be initialized with data" in result.stdout
    assert "Corpus is loadable" in result.stdout
    assert "No overlap between training and evaluation data" in result.stdout
    assert "whitespace" not in result.stdout or "No entities consisting of" in result.stdout
    problems = [line for line in result.stdout.splitlines() if line.startswith("✘")]
    # Forty documents are few, which is true and all that may be wrong.
    assert all("Low number of examples" in line or "error" in line for line in problems), result.stdout


def test_plain_spacy_train_makes_a_model_that_finds_mentions_and_claims(folder):
    result = _spacy(
        folder,
        "train",
        "config.cfg",
        "--output=model",
        f"--training.max_steps={_STEPS}",
        f"--training.eval_frequency={_STEPS // 2}",
    )
    assert result.returncode == 0, result.stdout + result.stderr

    with quiet_spacy():
        nlp = spacy.load(folder / "model" / "model-best")
        doc = nlp("Mina Corvo warned that the talks would end at once. The bread of the week was dear. Taval argued.")

    assert ("Mina Corvo", "Person") in [(ent.text, ent.label_) for ent in doc.ents]
    claims = [span.text for span in doc.spans["sc"] if span.label_ == "Claim"]
    assert any("the talks would end" in claim for claim in claims)
    # Data without anything known to be outside teach a model to mark everything.
    assert {token.text: token.ent_type_ for token in doc}["bread"] == ""


def test_sizes_of_the_suggester_come_from_the_data(folder):
    config = load_config(folder / "config.cfg")

    finder = config["components"]["span_finder"]
    assert (finder["min_length"], finder["max_length"]) == (1, 12)
    assert config["components"]["spancat"]["suggester"]["@misc"] == "spacy.preset_spans_suggester.v1"


def test_reach_covers_the_share_of_spans_asked_for():
    from collections import Counter

    lengths = Counter({1: 90, 10: 8, 60: 1, 200: 1})

    assert reach(lengths, 0.9) == 1
    assert reach(lengths, 0.95) == 10
    assert reach(lengths, 0.99) == 60
    assert reach(lengths, 1.0) == 200
    assert reach(Counter()) == 0
