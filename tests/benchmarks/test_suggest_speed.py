"""Suggesting against its floor: the bare spaCy pipeline with the same components over the same texts."""

import random
import time

import pytest

from nlp.pipelines import load_pipeline, quiet_spacy
from nlp.suggest import BATCH_PARTS, Suggester
from nlp.suggestion import SuggestRequest

_WHO = ["Velmar", "Orsk", "the League of Harbours", "Foreign Minister Ilse Maro", "President Vask", "officials"]
_VERBS = ["said", "warned", "argued", "announced", "conceded", "told reporters", "wrote in a statement"]
_WHOM = ["Taval", "the Orsk delegation", "the northern provinces", "its neighbours", "the central bank"]
_WHAT = ["would leave the talks", "had broken the accord of Lemsk", "must open the port before the winter"]
_PLAIN = [
    "The talks in Lemsk had begun in March, after two years in which no envoy crossed the strait.",
    "Grain exports fell by a third, and the price of bread doubled in the northern provinces.",
    "A second round, which the mediators had hoped for, was put off because of the elections.",
]


def _sentence(chance: random.Random) -> str:
    who, verb, whom, what = (chance.choice(words) for words in (_WHO, _VERBS, _WHOM, _WHAT))
    forms = [
        f"{who} {verb} on Monday that {whom} {what}.",
        f"“{whom[0].upper()}{whom[1:]} {what},” {who} {verb}, “and we will not wait any longer.”",
        f"According to {who}, {whom} {what}.",
        *_PLAIN,
    ]
    return chance.choice(forms)


def _documents(count: int, length_cp: int) -> list[str]:
    chance = random.Random(7)
    texts = []
    for _ in range(count):
        paragraphs: list[str] = []
        while sum(map(len, paragraphs)) < length_cp:
            paragraphs.append(" ".join(_sentence(chance) for _ in range(chance.randint(2, 6))) + "\n\n")
        texts.append("".join(paragraphs))
    return texts


@pytest.fixture(scope="module")
def pipeline():
    return load_pipeline("en")


@pytest.mark.parametrize(("count", "length_cp"), [(20, 5_000), (1, 100_000)], ids=["documents", "long"])
def test_suggesting_keeps_four_fifths_of_the_bare_speed(benchmark, pipeline, capsys, count, length_cp):
    texts = _documents(count, length_cp)
    words = sum(len(text.split()) for text in texts)
    paragraphs = [piece for text in texts for piece in _pieces(text)]
    suggester = Suggester(lambda _language: pipeline)
    requests = [SuggestRequest(number, text) for number, text in enumerate(texts)]

    def bare() -> float:
        began = time.perf_counter()
        with quiet_spacy():
            for _ in pipeline.nlp.pipe(paragraphs, batch_size=BATCH_PARTS):
                pass
        return time.perf_counter() - began

    floor_s = min(bare() for _ in range(3))
    benchmark.pedantic(lambda: list(suggester.suggest_many(requests)), rounds=3, warmup_rounds=1)
    ratio = floor_s / benchmark.stats.stats.min

    benchmark.extra_info.update(words_per_s=words / benchmark.stats.stats.min, ratio_to_bare=ratio)
    with capsys.disabled():
        speed = f"{words / benchmark.stats.stats.min:,.0f} words/s, bare {words / floor_s:,.0f}"
        print(f"\nsuggest: {speed}, ratio {ratio:.2f}")
    assert ratio >= 0.8


def _pieces(text: str) -> list[str]:
    """Cut as a plain caller would, who only keeps below spaCy's limit on the length of a text."""
    return [text[start : start + 20_000] for start in range(0, len(text), 20_000)]
