"""Run the suggester on documents whose right spans are known and tell how good it is, as JSON or as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp.evaluate import Evaluation, GoldDocument, Tally, evaluate
from nlp.suggest import Suggester
from nlp.suggestion import ACTOR_CODES, CLAIM_CODE, CUE_CODE, SPEAKER, SuggestRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from nlp.evaluate import Difference
    from nlp.suggestion import DocumentSuggestions, KnownActor

_QUOTE_CP = 160
#: What the suggester may find; the end of a speaker link stands for the source of an attribution.
_SUGGESTED = {*ACTOR_CODES, CLAIM_CODE, CUE_CODE, SPEAKER}
_KINDS = {"missed": "Missed", "wrong": "Wrong", "inexact": "Inexact"}


def evaluate_suggester(
    documents: Sequence[GoldDocument],
    *,
    actors: tuple[KnownActor, ...] = (),
    least_score: float = 0.0,
    cue_kinds_off: frozenset[str] = frozenset(),
    progress: Callable[[int, int, str], None] | None = None,
) -> Evaluation:
    """Suggest for each document in memory, at some 4,000 words a second, and compare with what is right.

    Suggestions below `least_score` do not count. Labels and link types of which no document has one are left out:
    nobody has looked for them.

    Raises:
        SuggestError: the suggesters failed on a document.
    """
    requests = (
        SuggestRequest(at, item.text, item.language, actors, cue_kinds_off) for at, item in enumerate(documents)
    )

    def pairs() -> Iterator[tuple[GoldDocument, DocumentSuggestions]]:
        for number, found in enumerate(Suggester().suggest_many(requests)):
            if progress is not None:
                progress(number, len(documents), documents[found.document_id].title)
            yield documents[found.document_id], found

    codes = {span.code for item in documents for span in item.spans}
    result = evaluate(pairs(), least_scores=dict.fromkeys(codes, least_score))
    for table in (result.exact, result.overlap, result.links):
        for code in [code for code, tally in table.items() if not tally.gold]:
            del table[code]
    result.differences = [item for item in result.differences if item.code in result.overlap]
    return result


def to_json(documents: Sequence[GoldDocument], result: Evaluation, examples: int) -> dict[str, Any]:
    """Return all counts, measures (in [0, 1]) and some examples of each kind of error, as plain data."""
    return {
        "documents": len(documents),
        "not_reviewed": _not_reviewed(documents),
        "labels": {
            code: {"exact": _measures(result.exact[code]), "overlap": _measures(result.overlap[code])}
            for code in sorted(result.overlap)
        },
        "links": {code: _measures(tally) for code, tally in sorted(result.links.items())},
        "errors": {
            code: {
                kind: {"count": len(found), "examples": [_example(item) for item in _spread(found, examples)]}
                for kind, found in kinds.items()
            }
            for code, kinds in _errors(result).items()
        },
    }


def to_lines(documents: Sequence[GoldDocument], result: Evaluation, examples: int) -> Iterator[str]:
    """Yield the same for people: one table of labels, one of links, and examples; measures in per cent."""
    yield f"Compared {len(documents):,} document{'' if len(documents) == 1 else 's'}."
    if count := _not_reviewed(documents):
        yield f"Of them {count:,} are not declared reviewed: where spans are still to be found, precision is better."
    yield ""
    yield f"{'Precision / recall / F1':26}{'exact':>20}{'overlap':>20}{'right':>9}{'suggested':>11}"
    compared = [code for code in sorted(result.overlap) if code in _SUGGESTED]
    for code in compared:
        yield _row(code, [result.exact[code], result.overlap[code]])
    for code, tally in sorted(result.links.items()):
        yield _row(f"claim -> {code}", [None, tally])
    if others := [f"{code} ({result.overlap[code].gold:,})" for code in sorted(result.overlap.keys() - {*compared})]:
        yield f"Never suggested, so not compared: {', '.join(others)}."
    errors = _errors(result)
    for code in compared:
        for kind, found in errors[code].items():
            yield from _told(code, kind, found, examples)


def _told(code: str, kind: str, found: Sequence[Difference], examples: int) -> Iterator[str]:
    if not found or not examples:
        return
    yield ""
    yield f"{_KINDS[kind]}, {code}: {len(found):,}"
    for item in _spread(found, examples):
        parts = [f"right: {_short(item.gold)}"] if item.gold else []
        parts += [f"suggested: {_short(item.suggested)}"] if item.suggested else []
        yield f"  {item.title}"
        yield from (f"    {part}" for part in parts)


def _row(name: str, tallies: Iterable[Tally | None]) -> str:
    cells, last = "", Tally()
    for tally in tallies:
        last = tally or last
        figures = [tally.precision, tally.recall, tally.f1] if tally is not None else []
        cells += f"{' / '.join(f'{100 * value:.1f}' for value in figures):>20}"
    return f"{name:26}{cells}{last.gold:>9,}{last.suggested:>11,}"


def _measures(tally: Tally) -> dict[str, float | int]:
    return {
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
        "matched": tally.matched,
        "right": tally.gold,
        "suggested": tally.suggested,
    }


def _errors(result: Evaluation) -> Mapping[str, Mapping[str, list[Difference]]]:
    found: dict[str, dict[str, list[Difference]]] = {
        code: {kind: [] for kind in _KINDS} for code in sorted(result.overlap)
    }
    for item in result.differences:
        found[item.code][item.kind].append(item)
    return found


def _spread(found: Sequence[Difference], count: int) -> list[Difference]:
    """Return at most `count` of the differences, from all over the documents and the same in each run."""
    if len(found) <= count:
        return list(found)
    return [found[at * len(found) // count] for at in range(count)]


def _example(item: Difference) -> dict[str, str]:
    return {"document": item.title, "right": item.gold, "suggested": item.suggested}


def _short(quote: str) -> str:
    """Return a quote in one line without control characters, which must never reach a terminal."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in quote).split())
    return plain if len(plain) <= _QUOTE_CP else plain[: _QUOTE_CP - 1] + "…"


def _not_reviewed(documents: Iterable[GoldDocument]) -> int:
    return sum(not item.is_complete for item in documents)
