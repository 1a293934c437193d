"""What goes in comes out: exports read back are the same, and texts and offsets stand exactly in the database."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import queries
from storage.doctor import check
from storage.exporting import count_documents, export_documents
from storage.formats import jsonl
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.importing import Importer
from storage.operations import documents as document_operations
from storage.project import Project
from storage.records import Fragment, LabelKind, Origin, State, StretchKind
from storage.text import quote_of, sha256_of, trim

#: What breaks programs that count wrongly or tidy up: each may stand anywhere in a text.
_PIECES = [
    "Velmar", "Orsk said", "a", " ", "  ", "\n", "\r\n", "\r", "\t", "\xa0", "\u2028", "\u2029", "\x85", "\x0c",
    "🌊", "👩🏽\u200d🚀", "🇩🇪", "e\u0301", "é", "東岸 (dōng'àn)", "שלום", "سلام", "\u202e", "\u200f", "\ufeff",
    "\u3000", "“", "”", "\\", '"', "ﬁ", "\U0010ffff", "ด้วย", "각", "\x1b", "{", "</b>",
]  # fmt: skip
_TEXTS = (
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=25).map("".join).filter(lambda text: not text.isspace())
)
_WORDS = st.text(st.sampled_from('ab é🌊\u0301\n\u2028"\\'), max_size=8)
_NAMES = st.text(st.sampled_from("aBé東🌊 -"), min_size=1, max_size=6).filter(
    lambda name: name == " ".join(name.split()) != ""
)
_LABELS = {
    LabelKind.ACTOR: ["State", "state", "Person", "Harbour 🌊"],
    LabelKind.CLAIM: ["Claim", "Demand"],
    LabelKind.CUE: ["Cue"],
}
_ENDS = {
    (LabelKind.CLAIM, LabelKind.ACTOR): ["speaker", "target", "mocks"],
    (LabelKind.CLAIM, LabelKind.CUE): ["cue"],
    (LabelKind.CLAIM, LabelKind.CLAIM): ["contains", "answers"],
    (LabelKind.ACTOR, LabelKind.ACTOR): ["ally"],
}


def _places(text: str) -> list[Fragment]:
    """Return the stretches of whole graphemes between white space that a span may have, up to five long."""
    cuts = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    places = [
        Fragment(start, end)
        for first, start in enumerate(cuts)
        for end in cuts[first + 1 : first + 6]
        if trim(text, start, end) == (start, end)
    ]
    return places[:60]


@st.composite
def _decisions(draw) -> dict[str, object]:
    state = draw(st.sampled_from(State))
    origin = draw(st.sampled_from(Origin))
    suggester = draw(st.sampled_from(["rules", "règles 🌊"])) if origin == Origin.SUGGESTER else None
    score = draw(st.none() | st.floats(0, 1))
    if state == State.SUGGESTED:
        return {"state": state, "origin": origin, "suggester": suggester, "score": score}
    who = {"analyst": draw(st.sampled_from(["Mira Holt", "東 Šárka"])), "decided_at": "2026-03-01T10:00:00.123Z"}
    return {"state": state, "origin": origin, "suggester": suggester, "score": score, **who}


@st.composite
def _documents(draw, number: int = 0) -> ExchangeDocument:
    text = f"{number}. " + draw(_TEXTS)
    places = _places(text)
    spans = []
    for key in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(LabelKind))
        chosen = sorted(draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)))
        fragments = tuple(f for n, f in enumerate(chosen) if n == 0 or f.start_cp >= max(c.end_cp for c in chosen[:n]))
        spans.append(
            ExchangeSpan(
                id=str(1000 * number + key + 1),
                kind=kind,
                label=draw(st.sampled_from(_LABELS[kind])),
                fragments=fragments,
                quote=quote_of(text, fragments),
                reason=draw(_WORDS),
                actor=draw(st.none() | _NAMES) if kind == LabelKind.ACTOR else None,
                fields=draw(st.dictionaries(st.sampled_from(["Stance", "Tone 🌊"]), _WORDS.filter(bool), max_size=2)),
                note=draw(_WORDS),
                is_flagged=draw(st.booleans()),
                **draw(_decisions()),
            )
        )
    return ExchangeDocument(
        title=draw(_WORDS.filter(lambda title: title.strip() != "")),
        text=text,
        id=str(number + 1),
        source=draw(_WORDS),
        date=draw(st.none() | st.just("2026-03-01")),
        language=draw(st.sampled_from(["", "en", "und"])),
        encoding=draw(st.sampled_from(["", "utf-8", "windows-1252"])),
        sha256=sha256_of(text),
        meta=draw(st.dictionaries(_WORDS, st.none() | st.booleans() | _WORDS | st.floats(-9, 9), max_size=2)),
        spans=tuple(spans),
        links=tuple(draw(_links(number, spans))),
        reviewed=draw(st.lists(st.sampled_from(places), max_size=3, unique=True)),
        stretches=tuple(draw(_stretches(len(text)))),
    )


@st.composite
def _stretches(draw, length_cp: int) -> list[ExchangeStretch]:
    found = []
    for kind in StretchKind:
        cuts = sorted(draw(st.sets(st.integers(0, length_cp), max_size=5)))
        found += [ExchangeStretch(kind.value, *ends, draw(_WORDS)) for ends in itertools.pairwise(cuts)]
    return sorted(found, key=lambda stretch: (stretch.start_cp, stretch.end_cp, stretch.kind))


@st.composite
def _links(draw, number: int, spans: list[ExchangeSpan]) -> list[ExchangeLink]:
    possible = [
        (code, start.id, end.id)
        for start, end in itertools.permutations(spans, 2)
        for code in _ENDS.get((start.kind, end.kind), ())
    ]
    chosen = draw(st.lists(st.sampled_from(possible), max_size=4, unique=True)) if possible else []
    return [ExchangeLink(str(1000 * number + key + 1), *ends, **draw(_decisions())) for key, ends in enumerate(chosen)]


_FILES = st.integers(1, 3).flatmap(lambda count: st.tuples(*(_documents(number) for number in range(count))))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Return a maker of fresh projects: copies of one file, made once."""
    folder = tmp_path_factory.mktemp("round")
    Project.create(folder / "model.sayso").close()
    numbers = itertools.count()

    def make() -> Project:
        return Project.open(Path(shutil.copyfile(folder / "model.sayso", folder / f"{next(numbers)}.sayso")))

    return make


def _taken_in(project: Project, documents) -> None:
    with Importer(project) as importer:
        assert importer.add_file("file", documents) == []
        importer.publish()


@given(documents=_FILES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_export_import_export_is_identical(fresh, tmp_path_factory, documents) -> None:
    folder = tmp_path_factory.mktemp("files")
    first, second = folder / "first.jsonl", folder / "second.jsonl"
    with fresh() as project:
        _taken_in(project, documents)
        _stands_exactly(project, documents)
        jsonl.write(export_documents(project), first)
        assert check(project) == []
        assert count_documents(project) == len(documents)
    with fresh() as project:
        _taken_in(project, jsonl.read(first))
        jsonl.write(export_documents(project), second)
    assert second.read_bytes() == first.read_bytes()


def _stands_exactly(project: Project, documents: tuple[ExchangeDocument, ...]) -> None:
    """Check texts, offsets and decisions in the database itself against what was taken in."""
    items = queries.document_items(project)
    assert [item.document.title for item in items] == [document.title for document in documents]
    for document, item in zip(documents, items, strict=True):
        content = queries.document_content(project, item.document.id)
        assert content.text == document.text
        assert (content.document.sha256, dict(content.document.meta)) == (document.sha256, dict(document.meta))
        assert item.undecided + item.decided == len(document.spans)
        assert [(s.kind.value, s.start_cp, s.end_cp, s.value) for s in content.stretches] == [
            (s.kind, s.start_cp, s.end_cp, s.value) for s in document.stretches
        ]
        for span, record in zip(document.spans, content.spans, strict=True):
            assert (str(record.id), record.fragments, record.quote) == (span.id, span.fragments, span.quote)
            assert (record.state, record.origin, record.score) == (span.state, span.origin, span.score)
            assert [document.text[start:end] for start, end in record.fragments] == [
                document.text[start:end] for start, end in span.fragments
            ]
        with project.reading() as connection:
            stored = connection.exec_driver_sql(
                "SELECT CAST(text AS BLOB) FROM document_text WHERE document_id = ?", (item.document.id,)
            ).scalar_one()
        assert bytes(stored) == document.text.encode("utf-8")


def _drawn(state: State, words: str, at: int, **more) -> ExchangeSpan:
    return ExchangeSpan(
        id=words,
        kind=more.pop("kind", LabelKind.ACTOR),
        label="State",
        fragments=(Fragment(at, at + len(words)),),
        state=state,
        **more,
    )


def test_an_export_holds_the_states_asked_for_and_links_between_them(project) -> None:
    claim = ExchangeSpan(id="c", kind=LabelKind.CLAIM, label="Claim", fragments=(Fragment(0, 12),))
    document = ExchangeDocument(
        title="Brief",
        text="Orsk, Velmar, Taval.",
        spans=(claim, _drawn(State.CONFIRMED, "Orsk", 0), _drawn(State.REJECTED, "Velmar", 6)),
        links=(ExchangeLink("1", "target", "c", "Orsk"), ExchangeLink("2", "target", "c", "Velmar")),
    )
    _taken_in(project, [document])
    (found,) = export_documents(project, [State.CONFIRMED])
    assert [span.quote for span in found.spans] == ["Orsk, Velmar", "Orsk"]
    assert len(found.links) == 1
    (everything,) = export_documents(project)
    assert (len(everything.spans), len(everything.links)) == (3, 2)


def test_removed_documents_are_not_exported(bench) -> None:
    bench.add("Other", "Taval answers.")
    document_operations.remove_document(bench.project, bench.document_id)
    assert [document.title for document in export_documents(bench.project)] == ["Other"]
    assert count_documents(bench.project) == 1


def test_an_export_goes_on_while_labels_are_added_and_documents_removed(bench, monkeypatch) -> None:
    monkeypatch.setattr("storage.exporting._LOT_DOCUMENTS", 1)
    second = bench.add("Other", "Taval answers.")
    exporting = export_documents(bench.project)
    assert next(exporting).title == "Talks"
    _taken_in(
        bench.project, [ExchangeDocument(title="Third", text="Lemsk.", spans=(_drawn(State.CONFIRMED, "Lemsk", 0),))]
    )
    document_operations.remove_document(bench.project, second)
    assert [document.title for document in exporting] == ["Other"]
