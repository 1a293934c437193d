"""Measure how right suggestions are from which score on, and write `nlp/data/calibration.toml`.

    uv run python docs/calibrate.py FOLDER ...

Folders of brat annotations, as `main.py evaluate` reads them. A label counts where a folder has at least 40 spans of
it; what a folder does not label is not measured by it. Measure on other documents than the lexicon was fitted on.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from nlp.brat import read_folder
from nlp.evaluate import Tally, evaluate
from nlp.suggest import Suggester
from nlp.suggestion import ACTOR_CODES, CLAIM_CODE, SuggestRequest

TARGET = Path(__file__).parent.parent / "nlp" / "data" / "calibration.toml"
SCORES = (0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
FEWEST = 40
HEAD = """\
# Share of right suggestions (precision) and of right ones found (recall) from a score on, by label code.
# Overlap of at least half of the words, one to one. Made by docs/calibrate.py.

[steps]
"""


def measure(folders: list[Path]) -> dict[str, list[Tally]]:
    """Return the tallies of each label code at each of the scores."""
    found: dict[str, list[Tally]] = defaultdict(lambda: [Tally() for _ in SCORES])
    for folder in folders:
        documents = read_folder(folder)
        requests = [SuggestRequest(at, item.text) for at, item in enumerate(documents)]
        suggestions = list(Suggester().suggest_many(requests))
        pairs = [(documents[each.document_id], each) for each in suggestions]
        spans = [span.code for item in documents for span in item.spans]
        codes = [code for code in (*ACTOR_CODES, CLAIM_CODE) if spans.count(code) >= FEWEST]
        for place, score in enumerate(SCORES):
            result = evaluate(pairs, least_scores=dict.fromkeys(codes, score))
            for code in codes:
                tally = result.overlap[code]
                found[code][place].add(tally.matched, tally.gold, tally.suggested)
    return found


def steps(tallies: list[Tally]) -> list[tuple[float, float, float]]:
    """Return score, precision and recall, one for each score that hides more than the one before."""
    rows: list[tuple[float, float, float]] = []
    last = -1
    for score, tally in zip(SCORES, tallies, strict=True):
        if tally.suggested != last and tally.suggested >= FEWEST // 2:
            rows.append((score, round(tally.precision, 3), round(tally.recall, 3)))
        last = tally.suggested
    return rows


def main() -> None:
    """Measure and write."""
    folders = [Path(word) for word in sys.argv[1:]]
    if not folders:
        sys.exit(__doc__)
    parts = [HEAD]
    for code, tallies in measure(folders).items():
        parts.append(f"{code} = [\n" + "".join(f"    [{s}, {p}, {r}],\n" for s, p, r in steps(tallies)) + "]\n")
        print(parts[-1])
    TARGET.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
