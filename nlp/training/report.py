"""What an export of training data did with each span, for people (Markdown) and for programs (JSON)."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

#: Longer quotes are cut in the lists for people; `report.json` holds them whole.
_QUOTE_CP = 90
_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#|~&!"} | {"\n": " ", "\r": " "})


class Fate(StrEnum):
    """What happened to a span that did not go into the files just as it is."""

    MOVED = "moved"
    SPLIT = "split"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Note:
    """A span that was moved, split or left out, and why."""

    fate: Fate
    document_id: int
    title: str
    kind: str
    label: str
    quote: str
    reason: str


@dataclass(slots=True)
class Side:
    """What one of the two files holds."""

    documents: int = 0
    docs: int = 0
    tokens: int = 0
    spans: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)

    def add(self, other: Side) -> None:
        """Add the numbers of another one."""
        self.documents += other.documents
        self.docs += other.docs
        self.tokens += other.tokens
        self.spans.update(other.spans)
        self.entities.update(other.entities)

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts (`asdict` of Python 3.11 spoils counters)."""
        return {
            "documents": self.documents,
            "docs": self.docs,
            "tokens": self.tokens,
            "spans": dict(self.spans),
            "entities": dict(self.entities),
        }


@dataclass(slots=True)
class ExportReport:
    """All that an analyst should know about an export; `to_json` is what `report.json` holds.

    `words_complete` counts the tokens inside reviewed stretches, `words_missing` those outside them that were
    taken along because a decided span lies in their sentence; `spans_excluded` the decided spans that were left out
    because they reach into excluded parts.
    """

    out_dir: str
    language: str
    train: Side = field(default_factory=Side)
    dev: Side = field(default_factory=Side)
    documents_without_decisions: list[str] = field(default_factory=list)
    other_languages: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    spans_excluded: int = 0
    words_complete: int = 0
    words_missing: int = 0
    longest_span_tokens: int = 0
    max_length_tokens: int = 0
    spans_too_long: int = 0
    warnings: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def command(self) -> str:
        """The command that trains a model from the export, from any folder."""
        folder = Path(self.out_dir)
        words = ["python", "-m", "spacy", "train", str(folder / "config.cfg"), "--output", str(folder / "model")]
        words += ["--paths.train", str(folder / "train.spacy"), "--paths.dev", str(folder / "dev.spacy")]
        return shlex.join(words)

    def count(self, fate: Fate) -> int:
        """Return how many spans met this fate."""
        return sum(note.fate is fate for note in self.notes)

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and dicts."""
        counts = {fate.value: self.count(fate) for fate in Fate}
        sides = {"train": self.train.to_json(), "dev": self.dev.to_json()}
        notes = [asdict(note) for note in self.notes]
        plain_fields = {
            entry.name: getattr(self, entry.name) for entry in fields(self) if entry.name not in {*sides, "notes"}
        }
        return {"command": self.command, **plain_fields, **sides, "counts": counts, "notes": notes}

    def to_markdown(self) -> str:
        """Return the report for people."""
        lines = [
            "# Training data for spaCy",
            "",
            "Train with this one command:",
            "",
            f"    {self.command}",
            "",
            "(In this folder, `python -m spacy train config.cfg --output model` does the same.)",
            "",
            *self._warning_lines(),
            *self._table_lines(),
            *self._completeness_lines(),
        ]
        for fate, what in _HEADINGS.items():
            lines += self._note_lines(fate, what)
        return "\n".join(lines) + "\n"

    def _warning_lines(self) -> list[str]:
        return [*(f"- **Note:** {warning}" for warning in self.warnings), *([""] if self.warnings else [])]

    def _table_lines(self) -> list[str]:
        rows = [
            ("documents", self.train.documents, self.dev.documents),
            ("texts (documents or parts of them)", self.train.docs, self.dev.docs),
            ("tokens", self.train.tokens, self.dev.tokens),
        ]
        for what, train, dev in (
            ("spans", self.train.spans, self.dev.spans),
            ("entities", self.train.entities, self.dev.entities),
        ):
            rows += [(f"{what}: {plain(label)}", train[label], dev[label]) for label in sorted(train | dev)]
        table = [f"| {name} | {train} | {dev} |" for name, train, dev in rows]
        return ["| | train | dev |", "|---|---:|---:|", *table, ""]

    def _completeness_lines(self) -> list[str]:
        lines = [
            "## What is complete",
            "",
            f"{self.words_complete} tokens lie in reviewed stretches: what is not marked there counts as nothing "
            f"to be found. {self.words_missing} tokens lie outside them, in sentences with decided spans: in "
            "`ents` they are *missing* (neither entity nor not). spaCy's span categorizer knows no *missing*: "
            "what is not marked in those sentences counts as nothing there.",
            "",
            f"Spans are up to {self.longest_span_tokens} tokens long; the model looks for spans of up to "
            f"{self.max_length_tokens}, which leaves {self.spans_too_long} longer ones unfound.",
            "",
            f'{self.rejected} rejected spans are in `spans["incorrect_spans"]` (mentions, which the entity '
            'recognizer learns from) and `spans["rejected"]` (claims and cues, for your own use).',
            "",
        ]
        if self.spans_excluded:
            lines += [f"{self.spans_excluded} decided spans reach into excluded parts and were left out.", ""]
        if self.documents_without_decisions:
            count = len(self.documents_without_decisions)
            titles = "; ".join(plain(title) for title in self.documents_without_decisions)
            lines += [f"{count} documents hold nothing decided or reviewed and were left out: {titles}.", ""]
        return lines

    def _note_lines(self, fate: Fate, what: str) -> list[str]:
        notes = [note for note in self.notes if note.fate is fate]
        listed = [
            f"- {plain(note.title)}: {plain(note.label)} “{plain(_shortened(note.quote))}”: {plain(note.reason)}"
            for note in notes
        ]
        return [f"## {what}: {len(notes)}", "", *listed, *([""] if listed else [])]


_HEADINGS = {
    Fate.MOVED: "Boundaries moved to tokens",
    Fate.SPLIT: "Spans of several fragments, each exported as a span of its own",
    Fate.LEFT_OUT: "Left out",
}


def plain(text: str) -> str:
    """Return text as Markdown that shows it as it is: a document's words are never markup."""
    return text.translate(_MARKDOWN)


def _shortened(quote: str) -> str:
    return quote if len(quote) <= _QUOTE_CP else f"{quote[: _QUOTE_CP - 1]}…"
