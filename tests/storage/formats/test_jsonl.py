"""JSON Lines: nothing is lost on the way out and back, and nothing broken gets in."""

import dataclasses
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.formats import json_lines, jsonl
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.records import Fragment, LabelKind, Origin, State
from storage.text import quote_of, sha256_of, snap

PIECES = [
    "Velmar", "Orsk", "said", "“", "”", "’s", " ", " ", "\r\n", "\n", "\t", "\xa0", "\u2028", "\u2029", "\x85", "\x0c",
    "e\u0301", "👩🏽\u200d🚀", "🌊", "🇩🇪", "東岸", "。", "שלום", "\u202eمرحبا", "𝔘", "\\u0000", "\\", '"', "\ufeff",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join).filter(lambda text: not text.isspace())
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NAMES = WORDS.filter(str.strip)
MAYBE = st.none() | NAMES
MOMENTS = st.none() | st.datetimes().map(lambda moment: moment.isoformat() + "+00:00")
SCORES = st.none() | st.floats(0, 1)
STATES = st.sampled_from(State)
ORIGINS = st.sampled_from(Origin)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def fragments_of(draw: st.DrawFn, text: str) -> tuple[Fragment, ...]:
    ends = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    snapped = [snap(text, start, end) for start, end in zip(ends[::2], ends[1::2], strict=False)]
    kept: list[Fragment] = []
    for fragment in snapped:
        if fragment and (not kept or fragment.start_cp >= kept[-1].end_cp):
            kept.append(fragment)
    whole = snap(text, 0, len(text))
    assert whole is not None
    return tuple(kept) or (whole,)


@st.composite
def spans_of(draw: st.DrawFn, text: str, id_: str) -> ExchangeSpan:
    fragments = draw(fragments_of(text))
    return ExchangeSpan(
        id=id_,
        kind=draw(st.sampled_from(LabelKind)),
        label=draw(NAMES),
        fragments=fragments,
        state=draw(STATES),
        origin=draw(ORIGINS),
        quote=quote_of(text, fragments),
        suggester=draw(MAYBE),
        score=draw(SCORES),
        reason=draw(WORDS),
        actor=draw(MAYBE),
        fields=draw(st.dictionaries(NAMES, WORDS, max_size=2)),
        note=draw(WORDS),
        is_flagged=draw(st.booleans()),
        analyst=draw(MAYBE),
        decided_at=draw(MOMENTS),
    )


@st.composite
def links_between(draw: st.DrawFn, ids: list[str], id_: str) -> ExchangeLink:
    from_id, to_id = draw(st.permutations(ids))[:2]
    return ExchangeLink(
        id=id_,
        type=draw(st.sampled_from(["speaker", "target", "cue", "contains"])),
        from_id=from_id,
        to_id=to_id,
        state=draw(STATES),
        origin=draw(ORIGINS),
        suggester=draw(MAYBE),
        score=draw(SCORES),
        analyst=draw(MAYBE),
        decided_at=draw(MOMENTS),
    )


@st.composite
def documents(draw: st.DrawFn, id_: str | None = None) -> ExchangeDocument:
    text = draw(TEXTS)
    ids = draw(st.lists(NAMES, unique=True, max_size=5))
    link_ids = draw(st.lists(NAMES, unique=True, max_size=3)) if len(ids) > 1 else []
    return ExchangeDocument(
        title=draw(NAMES),
        text=text,
        id=id_,
        source=draw(WORDS),
        date=draw(st.none() | st.dates().map(str)),
        language=draw(WORDS),
        encoding=draw(st.sampled_from(["", "utf-8", "windows-1252"])),
        sha256=sha256_of(text),
        meta=draw(st.dictionaries(WORDS, JSON, max_size=3)),
        spans=tuple(draw(spans_of(text, span_id)) for span_id in ids),
        links=tuple(draw(links_between(ids, link_id)) for link_id in link_ids),
        reviewed=tuple(draw(st.lists(st.just(Fragment(0, len(text))), max_size=1))),
        stretches=tuple(draw(st.lists(st.just(ExchangeStretch("page", 0, len(text), "iv")), max_size=1))),
    )


def read_all(path: Path) -> list[ExchangeDocument]:
    return list(jsonl.read(path))


def bare(found: list[ExchangeDocument]) -> list[ExchangeDocument]:
    """Return the documents without `where`, which names the place in the file."""
    return [dataclasses.replace(document, where="") for document in found]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(documents(), documents("7"), documents("a b")))
def test_a_round_trip_loses_nothing(tmp_path: Path, written: tuple[ExchangeDocument, ...]):
    path = tmp_path / "out.jsonl"

    assert jsonl.write(written, path) == 3

    assert bare(read_all(path)) == list(written)
    assert len(path.read_text("utf-8").splitlines()) == 3


def test_line_has_the_promised_shape_and_order():
    text = "Ilya Brandt: “No state,” he said, “is safe.”"
    span = ExchangeSpan(
        id="s1",
        kind=LabelKind.CLAIM,
        label="Claim",
        fragments=(Fragment(13, 24), Fragment(34, 44)),
        state=State.REJECTED,
        origin=Origin.SUGGESTER,
        suggester="attribution rules 1",
        score=0.91,
        actor="Orsk",
        fields={"stance": "against"},
        note="ask",
        analyst="Mira",
        decided_at="2024-03-19T10:42:00+00:00",
    )
    mention = ExchangeSpan(id="s2", kind=LabelKind.ACTOR, label="Person", fragments=(Fragment(0, 11),))
    link = ExchangeLink(id="l1", type="speaker", from_id="s1", to_id="s2", score=0.5)
    document = ExchangeDocument(
        title="Talks",
        text=text,
        id="3",
        language="en",
        meta={"file": "a.txt"},
        spans=(span, mention),
        links=(link,),
        reviewed=(Fragment(0, 24),),
        stretches=(ExchangeStretch("page", 0, 24, "iv"),),
    )
    stream = io.StringIO()

    assert jsonl.write_lines([document], stream) == 1

    line = stream.getvalue()
    assert line.endswith("}\n")
    data = json.loads(line)
    assert list(data) == [
        "id", "title", "text", "sha256", "language", "source", "date", "encoding", "meta", "spans", "links", "reviewed",
        "stretches",
    ]  # fmt: skip
    assert data["sha256"] == sha256_of(text)
    assert data["reviewed"] == [[0, 24]]
    assert data["stretches"] == [{"kind": "page", "start": 0, "end": 24, "value": "iv"}]
    assert data["links"][0].items() >= {"id": "l1", "type": "speaker", "from": "s1", "to": "s2", "score": 0.5}.items()
    first = data["spans"][0]
    assert list(first)[:14] == [
        "id", "kind", "label", "fragments", "quote", "state", "origin", "suggester", "score", "actor", "fields", "note",
        "analyst", "decided_at",
    ]  # fmt: skip
    assert first["quote"] == "“No state,” “is safe.”"
    assert first["fragments"] == [[13, 24], [34, 44]]
    assert (first["kind"], first["state"], first["origin"]) == ("claim", "rejected", "suggester")


def test_any_further_keys_of_a_plain_line_become_metadata(tmp_path: Path):
    path = tmp_path / "posts.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"text": "Velmar votes.\\nMore.", "id": 12, "source": "Coastal Review", "date": "2024-03-12", '
        b'"language": "en", "likes": 7, "meta": {"desk": "straits"}, "links": ["a.example"], "author": null}\r\n'
        b"\r\n"
        b'{"text": "' + b"long " * 60 + b'", "title": 5, "meta": "loose", "date": 2024}'
    )

    first, second = read_all(path)

    assert (first.id, first.title, first.source, first.date, first.language) == (
        "12", "Velmar votes.", "Coastal Review", "2024-03-12", "en",
    )  # fmt: skip
    assert first.meta == {"desk": "straits", "likes": 7, "links": ["a.example"], "author": None}
    assert (second.title, second.date) == ("posts, line 3", None)
    assert second.meta == {"meta": "loose", "title": 5, "date": 2024}
    assert (first.where, second.where) == ("posts.jsonl, line 1", "posts.jsonl, line 3")


def test_a_minimal_span_is_confirmed_and_imported(tmp_path: Path):
    path = tmp_path / "in.jsonl"
    span = {"id": 1, "kind": "actor", "label": "State", "fragments": [[0, 6]]}
    path.write_text(json.dumps({"text": "Velmar", "spans": [span | {"id": "1"}]}))

    (document,) = read_all(path)

    assert document.spans[0] == ExchangeSpan("1", LabelKind.ACTOR, "State", (Fragment(0, 6),), quote="Velmar")


def test_line_seven_is_named_after_six_sound_ones(tmp_path: Path):
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "sound"}\n' * 6 + '{"text": "brok\n' + '{"text": "sound"}\n')
    reader = jsonl.read(path)

    assert [next(reader).text for _ in range(6)] == ["sound"] * 6
    with pytest.raises(RefusedInputError, match=r"in\.jsonl, line 7: not JSON at character \d+"):
        next(reader)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "in.jsonl is empty"),
        (b"\n \r\n\n", "in.jsonl is empty"),
        (b'{"text": "a"}\n{"text": "caf\xe9"}', "line 2: not UTF-8 at byte 14"),
        ('{"text": "a"}'.encode("utf-16"), "in.jsonl begins with the mark of UTF-16"),
        (b'{"text": "a", "id": "x"}\n{"text": "b", "id": "x"}', "line 2: the id “x” is that of line 1 too"),
        (b"%PDF-1.4\n%\xe2\xe3", "line 1: not JSON"),
    ],
)
def test_a_file_that_is_no_json_lines_is_refused(tmp_path: Path, data: bytes, why: str):
    path = tmp_path / "in.jsonl"
    path.write_bytes(data)

    with pytest.raises(RefusedInputError, match=why):
        read_all(path)


def test_a_line_without_end_is_refused_before_it_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 1000)
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "' + "x" * 2000)

    with pytest.raises(RefusedInputError, match="line 1: longer than"):
        read_all(path)


def test_escaped_emoji_and_a_written_out_escape_are_no_harm(tmp_path: Path):
    path = tmp_path / "in.jsonl"
    text = "🌊 and the words \\u0000 and \\ud800"
    path.write_text(json.dumps({"text": text}), encoding="ascii")

    assert [document.text for document in read_all(path)] == [text]


def test_nothing_half_is_written_when_a_document_cannot_be(tmp_path: Path):
    path = tmp_path / "out.jsonl"
    sound = ExchangeDocument(title="a", text="a")

    with pytest.raises(ValueError, match="JSON compliant"):
        jsonl.write([sound, dataclasses.replace(sound, meta={"x": float("nan")})], path)

    assert list(tmp_path.iterdir()) == []
