"""Count on annotated articles how often each cue is an attribution, and write the rates and weights of the rules.

    uv run python docs/fit_lexicon.py ../shared/polnear/train [--parses FILE]

Reads the words and senses in `nlp/data/cues.toml` (add a word there with its sense alone, then run this), counts each
argument pattern of each cue in the folder, writes the rates back, and then fits the weights of the surroundings in
`nlp/data/scores.toml` by regularised logistic regression. Deterministic; parsing 840 articles takes some four minutes,
kept in `--parses` if given, and the rest two. What is proposed changes: raise `VERSION` in `nlp/suggestion.py`.
"""

from __future__ import annotations

import argparse
import math
import sys
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from spacy.tokens import Doc, DocBin  # noqa: E402

from nlp.attribution import lexicon as lx  # noqa: E402
from nlp.attribution.blocks import block_candidates  # noqa: E402
from nlp.attribution.candidates import Candidate, from_frame, verb_candidates  # noqa: E402
from nlp.attribution.engine import LEAST_RATE, find_candidates  # noqa: E402
from nlp.attribution.frames import Frame  # noqa: E402
from nlp.attribution.labels import label_candidates  # noqa: E402
from nlp.attribution.nouns import other_candidates  # noqa: E402
from nlp.attribution.quotations import Quotations  # noqa: E402
from nlp.attribution.scores import circumstances, log_odds  # noqa: E402
from nlp.attribution.speech import cue_of  # noqa: E402
from nlp.attribution.tree import ranges  # noqa: E402
from nlp.brat import read_folder  # noqa: E402
from nlp.evaluate import Words, likeness  # noqa: E402
from nlp.pipelines import load_pipeline  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nlp.evaluate import GoldDocument
    from nlp.suggestion import Range

CUES, SCORES = ROOT / "nlp" / "data" / "cues.toml", ROOT / "nlp" / "data" / "scores.toml"
OVERLAP = 0.5
#: Rates below this are not worth a line; patterns seen less often than this take the rate of their sense.
LEAST_LISTED, LEAST_SEEN = 0.1, 3
#: How many occurrences the share of all senses, and that of the sense, are worth against those counted.
PRIOR_OF_ALL, PRIOR_OF_SENSE = 5, 3
#: A frequent word counts as this many occurrences in the rates of its sense.
MOST_OF_ONE_WORD = 15
#: Patterns that a word has of its own or not at all: "confident in" says nothing of "sceptical in his speech".
OF_THE_WORD = frozenset({("adjective", "prep in"), ("adjective", "prep at"), ("adjective", "prep on")})
#: Circumstances rarer than this, or lighter, are left out; how strongly weights are drawn to zero.
LEAST_CASES, LEAST_WEIGHT, RIDGE = 40, 0.04, 14.0
#: Rows that are multiplied at once, and the change of the weights at which the fit has settled.
ROWS_AT_ONCE, SETTLED = 2_000, 1e-4
FOLDS = 5

CUES_HEAD = """\
# The cue lexicon: words that signal who says, thinks, wants or judges what.
#
# [KIND] LEMMA = sense, then for each argument pattern the share of its occurrences that is an attribution, counted on
# the training articles of PolNeAR (smoothed towards the sense's own share) by docs/fit_lexicon.py. A pattern that is
# not listed takes the default of its sense; 0.0 switches a pattern off. Add words freely: a sense alone is enough. With
# "only" a word is a cue in that pattern alone ("in the ministry's eyes").
"""
SCORES_HEAD = """\
# How the surroundings of a cue change the odds that it is an attribution (natural log-odds, added up).
# Fitted by docs/fit_lexicon.py on the PolNeAR training articles, on top of the rates in cues.toml.
"""


@dataclass
class Article:
    """A parsed article with the right contents, each with its cue, as sets of words and as ranges."""

    doc: Doc
    words: Words
    contents: list[tuple[frozenset[int], tuple[Range, ...], tuple[Range, ...]]] = field(default_factory=list)

    def content_of(self, one: Candidate) -> frozenset[int]:
        """Return the words that a candidate claims."""
        return self.words.of(ranges(self.doc, one.content - one.cue_tokens() - set(one.source)))

    def contents_at(self, cue_cp: int) -> list[frozenset[int]]:
        """Return the right contents whose cue covers a position."""
        return [words for words, cue, _ in self.contents if _holds(cue, cue_cp)]


class OpenCue(lx.Cue):
    """A cue that allows every pattern, so that all of them are counted."""

    def rate(self, pattern: str) -> float:  # noqa: ARG002
        """Return the same for each pattern."""
        return 0.5


def articles(folder: Path, parses: Path | None) -> Iterator[Article]:
    """Yield the articles of a brat folder; parses are read from a file, or made and kept in it."""
    gold = read_folder(folder)
    nlp = load_pipeline("en").nlp
    if parses is not None and parses.exists():
        docs: Iterator[Doc] = DocBin().from_disk(parses).get_docs(nlp.vocab)
    else:
        docs = nlp.pipe((item.text for item in gold), batch_size=8)
    kept = DocBin(attrs=["TAG", "POS", "DEP", "HEAD", "LEMMA", "ENT_IOB", "ENT_TYPE", "SENT_START"])
    for item, doc in zip(gold, docs, strict=True):
        if doc.text != item.text:
            raise SystemExit(f"{parses} holds the parses of other texts than {folder}.")
        if parses is not None and not parses.exists():
            kept.add(doc)
        yield article(item, doc)
    if parses is not None and not parses.exists():
        kept.to_disk(parses)


def article(gold: GoldDocument, doc: Doc) -> Article:
    """Join a parse and what is right."""
    made = Article(doc, Words(gold.text))
    cue_of_claim = {start: gold.spans[end].fragments for code, start, end in gold.links if code == "cue"}
    for place, span in enumerate(gold.spans):
        words = made.words.of(span.fragments)
        if span.code == "claim" and words:
            made.contents.append((words, cue_of_claim.get(place, ()), span.fragments))
    return made


# -- the rates --------------------------------------------------------------------------------------------------------

Counts = dict[tuple[str, str, str], list[int]]


def open_lexicon(data: Mapping[str, Any]) -> lx.Lexicon:
    """Return the lexicon with every pattern allowed."""
    tables = [
        {word: OpenCue(word, entry["sense"], {}, {}) for word, entry in data.get(kind, {}).items()} for kind in lx.KINDS
    ]
    return lx.Lexicon(*tables, data.get("spelling", {}))


def count(found: Article, lexicon: lx.Lexicon, counts: Counts) -> None:
    """Count for each cue and pattern of one article how often it occurs and how often it is an attribution."""
    quotations = Quotations(found.doc)
    for kind, one, is_part in occurrences(found.doc, quotations, lexicon):
        words = found.content_of(one)
        quoted = quotations.at(one.cue.i)
        if not words or (quoted is not None and quoted.is_speech):
            continue
        right = found.contents_at(one.cue.idx)
        if not right and any(_holds(content, one.cue.idx) for _, _, content in found.contents):
            continue  # the annotators left claims within claims out, so that nothing follows from one
        tally = counts.setdefault((kind, one.entry.lemma, one.pattern), [0, 0])
        tally[0] += 1
        tally[1] += any(_is_same(words, item, is_part=is_part) for item in right)


def count_all(found: Sequence[Article], data: Mapping[str, Any]) -> list[Counts]:
    """Return the counts of each article."""
    lexicon = open_lexicon(data)
    counts: list[Counts] = []
    for item in found:
        counts.append({})
        count(item, lexicon, counts[-1])
    return counts


def total(counts: Iterable[Counts]) -> Counts:
    """Add up the counts of several articles."""
    added: Counts = {}
    for item in counts:
        for key, (seen, right) in item.items():
            tally = added.setdefault(key, [0, 0])
            tally[0] += seen
            tally[1] += right
    return added


def occurrences(doc: Doc, quotations: Quotations, lexicon: lx.Lexicon) -> Iterator[tuple[str, Candidate, bool]]:
    """Yield every reading of every cue with its kind, and whether it need only be a part of the right content."""
    for token in doc:
        if token.pos_ == "VERB" and token.lower_ != "according" and (entry := lexicon.verb(token)) is not None:
            for one in verb_candidates(token, entry, quotations):
                one.content = quotations.completed(token.i, one.content)
                yield "verb", one, False
        for kind, one in other_candidates(token, lexicon, all_readings=True):
            one.content = quotations.completed(token.i, one.content)
            yield kind, one, False
    for one in label_candidates(quotations, lexicon):
        one.content = quotations.completed(one.cue.i, one.content)
        yield "phrase", one, False
    for one in block_candidates(quotations, lexicon.verb):
        yield "verb", one, True
    for quoted in quotations.all:
        if not quoted.is_speech:
            continue
        cue = cue_of(quotations, quoted, lambda verb: 0.5 if lexicon.verb(verb) else 0.0)
        entry = lexicon.verb(cue) if cue is not None else None
        if cue is not None and entry is not None:
            yield "verb", from_frame(cue, entry, Frame("quote", tuple(quoted.tokens())), 0.5, quotations), True


def lexicon_text(data: Mapping[str, Any], counts: Counts) -> str:
    """Return `cues.toml` with the smoothed rates."""
    lines = [CUES_HEAD, *_table("spelling", data.get("spelling", {}))]
    defaults: dict[tuple[str, str, str], float] = {}
    for kind in lx.KINDS:
        defaults |= sense_rates(kind, data.get(kind, {}), counts)
    for kind in lx.KINDS:
        for sense in lx.SENSES:
            rates = {pattern: rate for (k, s, pattern), rate in defaults.items() if (k, s) == (kind, sense)}
            listed = {pattern: rate for pattern, rate in rates.items() if rate >= LEAST_LISTED}
            if listed and kind != "phrase":
                lines += _table(f"defaults.{kind}.{sense}", listed)
    for kind in lx.KINDS:
        words = data.get(kind, {})
        lines.append(f"[{kind}]")
        for word in sorted(words, key=lambda word: (lx.SENSES.index(words[word]["sense"]), word)):
            sense = words[word]["sense"]
            prior = {pattern: rate for (k, s, pattern), rate in defaults.items() if (k, s) == (kind, sense)}
            lines.append(_entry(word, words[word], word_rates(kind, word, words[word], prior, counts)))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def sense_rates(kind: str, words: Mapping[str, Any], counts: Counts) -> dict[tuple[str, str, str], float]:
    """Return the rate of each pattern of each sense, smoothed towards that of the pattern in all senses."""
    pools: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    every: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (k, word, pattern), (seen, right) in counts.items():
        if k == kind and word in words:
            share = min(1.0, MOST_OF_ONE_WORD / seen)
            for pool in (pools[words[word]["sense"], pattern], every[pattern]):
                pool[0] += seen * share
                pool[1] += right * share
    return {
        (kind, sense, pattern): (right + PRIOR_OF_ALL * every[pattern][1] / every[pattern][0]) / (seen + PRIOR_OF_ALL)
        for (sense, pattern), (seen, right) in pools.items()
        if (kind, pattern) not in OF_THE_WORD
    }


def word_rates(
    kind: str, word: str, entry: Mapping[str, Any], prior: Mapping[str, float], counts: Counts
) -> dict[str, float]:
    """Return the rates of a word that differ from those of its sense, as far as it was seen often enough.

    A word that is a cue in one pattern only keeps the rate that was written by hand until it is seen.
    """
    only = entry.get("only")
    rates = {only: entry[only]} if only in entry else {}
    for (k, w, pattern), (seen, right) in counts.items():
        if (k, w) == (kind, word) and seen >= LEAST_SEEN and only in {None, pattern}:
            base = prior.get(pattern, 0.0)
            rate = (right + PRIOR_OF_SENSE * base) / (seen + PRIOR_OF_SENSE)
            if max(rate, base) >= LEAST_LISTED:
                rates[pattern] = rate
    return rates


# -- the weights ------------------------------------------------------------------------------------------------------


def cases(found: Article, lexicon: lx.Lexicon) -> Iterator[tuple[Candidate, frozenset[str], bool]]:
    """Yield the candidates of an article with what holds for them and whether they are right, one to one."""
    quotations = Quotations(found.doc)
    candidates = [one for one in find_candidates(found.doc, lexicon, quotations) if one.rate >= LEAST_RATE]
    claims = [(one, words) for one in candidates if (words := found.content_of(one))]
    pairs = sorted(
        (
            (_holds(cue, one.cue.idx), likeness(words, right), i, j)
            for i, (one, words) in enumerate(claims)
            for j, (right, cue, _) in enumerate(found.contents)
            if words & right and likeness(words, right) >= OVERLAP
        ),
        reverse=True,
    )
    taken: set[int] = set()
    matched: set[int] = set()
    for _, _, i, j in pairs:
        if i not in matched and j not in taken:
            matched.add(i)
            taken.add(j)
    for i, (one, _) in enumerate(claims):
        yield one, frozenset(circumstances(one, candidates, quotations)), i in matched


def fold_cases(
    found: Sequence[Article], data: Mapping[str, Any], counts: Sequence[Counts]
) -> Iterator[tuple[float, frozenset[str], bool]]:
    """Yield the cases of all articles, each with rates that were counted in the other articles only.

    With rates that have seen the very case, the weights would learn to trust them too much.
    """
    for fold in range(FOLDS):
        others = total(item for at, item in enumerate(counts) if at % FOLDS != fold)
        lexicon = lx.read_lexicon(tomllib.loads(lexicon_text(data, others)))
        for item in found[fold::FOLDS]:
            yield from ((log_odds(one.rate), names, is_right) for one, names, is_right in cases(item, lexicon))


def weights_text(rows: Sequence[tuple[float, frozenset[str], bool]]) -> str:
    """Fit the weights by ridge-regularised logistic regression (Newton's method) and return `scores.toml`."""
    seen = Counter(name for _, names, _ in rows for name in names)
    names = sorted(name for name, number in seen.items() if number >= LEAST_CASES)
    column = {name: 2 + at for at, name in enumerate(names)}
    right = np.array([float(is_right) for _, _, is_right in rows])
    ridge = np.full(2 + len(names), RIDGE)
    ridge[:2] = 0.01
    weights = np.zeros(2 + len(names))
    for _ in range(30):
        curve, slope = np.diag(ridge), -ridge * weights
        for first in range(0, len(rows), ROWS_AT_ONCE):
            inputs = _inputs(rows[first : first + ROWS_AT_ONCE], column)
            chance = 1 / (1 + np.exp(-inputs @ weights))
            curve += (inputs * (chance * (1 - chance))[:, None]).T @ inputs
            slope += inputs.T @ (right[first : first + ROWS_AT_ONCE] - chance)
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < SETTLED:
            break
    table = {"bias": weights[0], "rate": weights[1]}
    pairs = sorted(zip(names, weights[2:], strict=True), key=lambda pair: (round(pair[1], 2), pair[0]))
    table |= {name: weight for name, weight in pairs if abs(weight) >= LEAST_WEIGHT}
    return "\n".join([SCORES_HEAD, *_table("log_odds", table, is_sorted=False)]).rstrip() + "\n"


def _inputs(rows: Sequence[tuple[float, frozenset[str], bool]], column: Mapping[str, int]) -> np.ndarray:
    """Return the cases as rows of numbers: one, the log-odds of the rate, and which of the circumstances hold."""
    inputs = np.zeros((len(rows), 2 + len(column)))
    inputs[:, 0] = 1
    for at, (odds, found, _) in enumerate(rows):
        inputs[at, 1] = odds
        inputs[at, [column[name] for name in found if name in column]] = 1
    return inputs


# -- small helpers ----------------------------------------------------------------------------------------------------


def _holds(where: Sequence[Range], position_cp: int) -> bool:
    return any(start <= position_cp < end for start, end in where)


def _is_same(words: frozenset[int], right: frozenset[int], *, is_part: bool) -> bool:
    return likeness(words, right) >= OVERLAP or (is_part and len(words & right) > 0.7 * len(words))


def _table(name: str, values: Mapping[str, Any], *, is_sorted: bool = True) -> list[str]:
    rows = sorted(values.items(), key=lambda row: (row[1], row[0]), reverse=True) if is_sorted else values.items()
    shown = (f'"{value}"' if isinstance(value, str) else f"{value:.2f}" for _, value in rows)
    return [f"[{name}]", *(f"{_key(key)} = {value}" for (key, _), value in zip(rows, shown, strict=True)), ""]


def _entry(word: str, entry: Mapping[str, Any], rates: Mapping[str, float]) -> str:
    rows = sorted(rates.items(), key=lambda row: (-row[1], row[0]))
    said = "".join(f', {name} = "{entry[name]}"' for name in ("only",) if name in entry)
    shown = "".join(f", {_key(key)} = {rate:.2f}" for key, rate in rows)
    return f'{_key(word)} = {{ sense = "{entry["sense"]}"{said}{shown} }}'


def _key(word: str) -> str:
    return word if word.replace("-", "").isalpha() and word.isascii() else f'"{word}"'


def main() -> None:
    """Fit both files, one after the other: the weights build on the rates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder with text/ and attributions/")
    parser.add_argument("--parses", type=Path, help="where to keep the parses between runs")
    options = parser.parse_args()
    found = list(articles(options.folder, options.parses))
    data = tomllib.loads(CUES.read_text("utf-8"))
    counts = count_all(found, data)
    rows = list(fold_cases(found, data, counts))
    CUES.write_text(lexicon_text(data, total(counts)), encoding="utf-8")
    SCORES.write_text(weights_text(rows), encoding="utf-8")
    share = sum(is_right for *_, is_right in rows) / max(len(rows), 1)
    sys.stdout.write(f"{len(found)} articles, {len(rows)} candidates, {100 * share:.1f} per cent of them right\n")
    if not math.isfinite(share) or not rows:
        raise SystemExit("Nothing to fit.")


if __name__ == "__main__":
    main()
