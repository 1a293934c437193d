"""Documents that break programs which count wrongly or tidy up, and how to compare what came back from a file.

For the round trips of every format: `documents(holds)` makes what a writer of a format with these capabilities gets,
`gone_round` writes and reads it, `assert_same` compares all that the format declares.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import regex
from hypothesis import strategies as st

from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.formats.interface import EVERYTHING, Capabilities, Format, WriteContext
from storage.formats.losses import Losses, reduced
from storage.records import Codebook, Fragment, LabelKind, Origin, State, StretchKind
from storage.text import quote_of, sha256_of, trim

#: Each may stand anywhere in a text.
PIECES = (
    "Velmar", "Orsk said", "a", " ", "  ", "\n", "\r\n", "\r", "\t", "\xa0", "\u2028", "\u2029", "\x85", "\x0c",
    "🌊", "👩🏽\u200d🚀", "🇩🇪", "e\u0301", "é", "東岸 (dōng'àn)", "שלום", "سلام", "\u202e", "\u200f", "\ufeff",
    "\u3000", "“", "”", "\\", '"', "ﬁ", "\U0010ffff", "ด้วย", "각", "\x1b", "{", "</b>",
)  # fmt: skip

#: The kind of each is what `mapping.guess_kind` says of its name, so that formats without kinds bring it back.
LABELS = {
    LabelKind.ACTOR: ("State", "state", "Person", "Harbour 🌊"),
    LabelKind.CLAIM: ("Claim", "Demand"),
    LabelKind.CUE: ("Cue", "noun cue"),
}
LINK_TYPES = {
    (LabelKind.CLAIM, LabelKind.ACTOR): ("speaker", "target", "mocks"),
    (LabelKind.CLAIM, LabelKind.CUE): ("cue",),
    (LabelKind.CLAIM, LabelKind.CLAIM): ("contains", "answers"),
    (LabelKind.ACTOR, LabelKind.ACTOR): ("ally",),
}
FIELDS = ("Stance", "Tone 🌊")

WORDS = st.text(st.sampled_from('ab é🌊\u0301\n\u2028"\\'), max_size=8)
NAMES = st.text(st.sampled_from("aBé東🌊 -"), min_size=1, max_size=6).filter(
    lambda name: name == " ".join(name.split()) != ""
)


def texts(pieces: Sequence[str] = PIECES) -> st.SearchStrategy[str]:
    """Texts of up to 25 pieces."""
    pieces_of_one = st.lists(st.sampled_from(pieces), min_size=1, max_size=25)
    return pieces_of_one.map("".join).filter(lambda text: not text.isspace())


def places(text: str) -> list[Fragment]:
    """Return the stretches of whole graphemes between white space that a span may have, up to five long."""
    cuts = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    found = [
        Fragment(start, end)
        for first, start in enumerate(cuts)
        for end in cuts[first + 1 : first + 6]
        if trim(text, start, end) == (start, end)
    ]
    return found[:60]


@st.composite
def decisions(draw) -> dict[str, object]:
    """What is known of a decision on a span or link, as keywords."""
    state = draw(st.sampled_from(State))
    origin = draw(st.sampled_from(Origin))
    suggester = draw(st.sampled_from(["rules", "règles 🌊"])) if origin == Origin.SUGGESTER else None
    score = draw(st.none() | st.floats(0, 1))
    if state == State.SUGGESTED:
        return {"state": state, "origin": origin, "suggester": suggester, "score": score}
    who = {"analyst": draw(st.sampled_from(["Mira Holt", "東 Šárka"])), "decided_at": "2026-03-01T10:00:00.123Z"}
    return {"state": state, "origin": origin, "suggester": suggester, "score": score, **who}


@st.composite
def document(draw, number: int = 0, pieces: Sequence[str] = PIECES) -> ExchangeDocument:
    """One document with everything in it; its number keeps its text and ids apart from those of others."""
    text = f"{number}. " + draw(texts(pieces))
    found = places(text)
    spans = []
    for key in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(LabelKind))
        chosen = sorted(draw(st.lists(st.sampled_from(found), min_size=1, max_size=3)))
        fragments = tuple(f for n, f in enumerate(chosen) if n == 0 or f.start_cp >= max(c.end_cp for c in chosen[:n]))
        spans.append(
            ExchangeSpan(
                id=str(1000 * number + key + 1),
                kind=kind,
                label=draw(st.sampled_from(LABELS[kind])),
                fragments=fragments,
                quote=quote_of(text, fragments),
                reason=draw(WORDS),
                actor=draw(st.none() | NAMES) if kind == LabelKind.ACTOR else None,
                fields=draw(st.dictionaries(st.sampled_from(FIELDS), WORDS.filter(bool), max_size=2)),
                note=draw(WORDS),
                is_flagged=draw(st.booleans()),
                **draw(decisions()),
            )
        )
    return ExchangeDocument(
        title=draw(WORDS.filter(lambda title: title.strip() != "")),
        text=text,
        id=str(number + 1),
        source=draw(WORDS),
        date=draw(st.none() | st.just("2026-03-01")),
        language=draw(st.sampled_from(["", "en", "und"])),
        encoding=draw(st.sampled_from(["", "utf-8", "windows-1252"])),
        sha256=sha256_of(text),
        meta=draw(st.dictionaries(WORDS, st.none() | st.booleans() | WORDS | st.floats(-9, 9), max_size=2)),
        spans=tuple(spans),
        links=tuple(draw(_links(number, spans))),
        reviewed=tuple(draw(st.lists(st.sampled_from(found), max_size=3, unique=True))),
        stretches=tuple(draw(_stretches(len(text)))),
    )


@st.composite
def _stretches(draw, length_cp: int) -> list[ExchangeStretch]:
    found = []
    for kind in StretchKind:
        cuts = sorted(draw(st.sets(st.integers(0, length_cp), max_size=5)))
        found += [ExchangeStretch(kind.value, *ends, draw(WORDS)) for ends in itertools.pairwise(cuts)]
    return sorted(found, key=lambda stretch: (stretch.start_cp, stretch.end_cp, stretch.kind))


@st.composite
def _links(draw, number: int, spans: list[ExchangeSpan]) -> list[ExchangeLink]:
    possible = [
        (code, start.id, end.id)
        for start, end in itertools.permutations(spans, 2)
        for code in LINK_TYPES.get((start.kind, end.kind), ())
    ]
    chosen = draw(st.lists(st.sampled_from(possible), max_size=4, unique=True)) if possible else []
    return [ExchangeLink(str(1000 * number + key + 1), *ends, **draw(decisions())) for key, ends in enumerate(chosen)]


def documents(
    holds: Capabilities = EVERYTHING, pieces: Sequence[str] = PIECES
) -> st.SearchStrategy[tuple[ExchangeDocument, ...]]:
    """One to three documents with nothing in them that a format with these capabilities does not hold."""
    counts = st.integers(1, 3)
    whole = counts.flatmap(lambda count: st.tuples(*(document(number, pieces) for number in range(count))))
    return whole.map(lambda found: tuple(reduced(found, holds, "The format", Losses())))


def gone_round(
    format_: Format,
    found: Iterable[ExchangeDocument],
    path: Path,
    *,
    codebook: Codebook | None = None,
    options: Mapping[str, str] | None = None,
) -> list[ExchangeDocument]:
    """Write documents to `path` as this format, and return what is read there."""
    found = tuple(found)
    context = WriteContext(codebook=codebook or Codebook(), options=options or {})
    assert format_.writer().write(found, path, context) == len(found)
    return list(format_.reader().read(path))


def assert_same(
    written: Iterable[ExchangeDocument],
    read: Iterable[ExchangeDocument],
    holds: Capabilities,
    *,
    has_titles: bool = True,
) -> None:
    """Check that texts, spans and links came back the same, whatever their ids, and all else that the format declares.

    `has_titles` is False where file names stand for titles. Spans that nothing tells apart count as often as they
    are there.
    """
    assert [_view(document, holds, has_titles) for document in read] == [
        _view(document, holds, has_titles) for document in written
    ]


def _view(found: ExchangeDocument, holds: Capabilities, has_titles: bool) -> dict[str, Any]:
    spans = {span.id: _span_view(span, holds) for span in found.spans}
    assert len(spans) == len(found.spans), "ids of spans must be unique"
    view: dict[str, Any] = {
        "text": found.text,
        "spans": Counter(spans.values()),
        "links": Counter(_link_view(link, spans, holds) for link in found.links) if holds.links else None,
    }
    for span in found.spans:
        assert span.quote in {None, quote_of(found.text, span.fragments)}
    if has_titles:
        view["title"] = found.title
    if holds.metadata:
        view |= {"source": found.source, "date": found.date, "language": found.language, "meta": dict(found.meta)}
    if holds.reviewed:
        view["reviewed"] = sorted(found.reviewed)
    if holds.stretches:
        view["stretches"] = list(found.stretches)
    return view


def _span_view(span: ExchangeSpan, holds: Capabilities) -> tuple[Any, ...]:
    return (
        span.kind,
        span.label,
        tuple(tuple(fragment) for fragment in span.fragments),
        span.state,
        tuple(sorted(span.fields.items())) if holds.fields else None,
        span.actor if holds.actors else None,
        (span.note, span.is_flagged) if holds.notes else None,
        (span.origin, span.suggester, span.score, span.reason, span.analyst, span.decided_at)
        if holds.decisions
        else None,
    )


def _link_view(link: ExchangeLink, spans: Mapping[str, tuple[Any, ...]], holds: Capabilities) -> tuple[Any, ...]:
    decided = (link.origin, link.suggester, link.score, link.analyst, link.decided_at) if holds.decisions else None
    return link.type, spans[link.from_id], spans[link.to_id], link.state, decided
