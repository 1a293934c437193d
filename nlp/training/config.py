"""Make the configuration for `spacy train` from what the data hold: languages, labels, lengths of spans.

Claims are long (half of them over ten tokens, one in a hundred over sixty), so the usual n-gram suggester would
either miss most of them or try thousands of candidates a sentence. Here spaCy's span finder learns where spans begin
and end, and the span categorizer labels what lies between; both are plain spaCy, trained together.
"""

from __future__ import annotations

from collections import Counter

from spacy.util import load_config_from_str, load_model_from_config

from nlp.pipelines import quiet_spacy

#: The share of spans that the span finder must be able to reach; a few very long ones would slow it for all.
COVERAGE = 0.99
#: On the same articles a threshold of 0.3 trained a fifth slower for no better F1 (64 against 65 after 1,000 steps).
_FINDER_THRESHOLD = 0.5
_WIDTH = 96


def _encoder(owner: str) -> str:
    """Return the sections of a token encoder."""
    return f"""\
[components.{owner}]
@architectures = "spacy.Tok2Vec.v2"

[components.{owner}.embed]
@architectures = "spacy.MultiHashEmbed.v2"
width = {_WIDTH}
attrs = ["NORM", "PREFIX", "SUFFIX", "SHAPE"]
rows = [5000, 1000, 2500, 2500]
include_static_vectors = false

[components.{owner}.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = {_WIDTH}
depth = 4
window_size = 1
maxout_pieces = 3
"""


_BASE = f"""
[paths]
train = "train.spacy"
dev = "dev.spacy"

[system]
gpu_allocator = null
seed = 0

[components]

[components.tok2vec]
factory = "tok2vec"

{_encoder("tok2vec.model")}
[corpora]

[corpora.train]
@readers = "spacy.Corpus.v1"
path = ${{paths.train}}

[corpora.dev]
@readers = "spacy.Corpus.v1"
path = ${{paths.dev}}

[training]
train_corpus = "corpora.train"
dev_corpus = "corpora.dev"
eval_frequency = 200
patience = 2000
max_steps = 20000

[training.batcher]
@batchers = "spacy.batch_by_words.v1"
discard_oversize = false
tolerance = 0.2

[training.batcher.size]
@schedules = "compounding.v1"
start = 100
stop = 1000
compound = 1.001
"""

_NER = f"""
[components.ner]
factory = "ner"
incorrect_spans_key = "incorrect_spans"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true
nO = null

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = {_WIDTH}
"""

# The categorizer has an encoder of its own: in a shared one the loss over all its candidates holds the others back
# (measured on 100 news articles: F1 of entities and spans after 200 steps 59 and 45, against 28 and 7 shared; after
# 600 steps 77 and 61, against 76 and 60).
_SPANS = f"""
[components.span_finder]
factory = "span_finder"
spans_key = "sc"
threshold = {_FINDER_THRESHOLD}
min_length = %d
max_length = %d

[components.span_finder.model]
@architectures = "spacy.SpanFinder.v1"

[components.span_finder.model.scorer]
@layers = "spacy.LinearLogistic.v1"
nO = 2

[components.span_finder.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = {_WIDTH}

[components.spancat]
factory = "spancat"
spans_key = "sc"
max_positive = null
threshold = 0.5

[components.spancat.model]
@architectures = "spacy.SpanCategorizer.v1"

[components.spancat.model.reducer]
@layers = "spacy.mean_max_reducer.v1"
hidden_size = 128

[components.spancat.model.scorer]
@layers = "spacy.LinearLogistic.v1"

{_encoder("spancat.model.tok2vec")}
[components.spancat.suggester]
@misc = "spacy.preset_spans_suggester.v1"
spans_key = "sc"
"""


def reach(lengths: Counter[int], coverage: float = COVERAGE) -> int:
    """Return the smallest length in tokens that covers a share of the spans; 0 if there are none."""
    wanted = coverage * lengths.total()
    covered = 0
    for length in sorted(lengths):
        covered += lengths[length]
        if covered >= wanted:
            return length
    return 0


def make_config(language: str, lengths: Counter[int], *, has_entities: bool) -> str:
    """Return a complete `config.cfg` for spans of these lengths in tokens, of which there must be some."""
    pipeline = ["tok2vec", "ner"] if has_entities else ["tok2vec"]
    pipeline += ["span_finder", "spancat"]
    sections = [_BASE, _NER if has_entities else "", _SPANS % (min(lengths), reach(lengths))]
    config = load_config_from_str("".join(sections), interpolate=False)
    config["nlp"] = {"lang": language, "pipeline": pipeline, "batch_size": 64}
    # While training, the categorizer's candidates come from the span finder, which listens to tok2vec: unless both
    # set their annotations, the finder sees zeros and proposes everything or nothing.
    config["training"]["annotating_components"] = ["tok2vec", "span_finder"]
    config["training"]["score_weights"] = {
        "ents_f": 0.5 if has_entities else 0.0,
        "spans_sc_f": 0.5 if has_entities else 1.0,
    }
    with quiet_spacy():
        return load_model_from_config(config, auto_fill=True).config.to_str()
