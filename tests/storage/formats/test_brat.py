"""brat folders: every layout is read, offsets find their words, and what cannot be right is named by file and line."""

from __future__ import annotations

import codecs
from collections import Counter
from pathlib import Path

import pytest
from exchange_examples import assert_same, documents, gone_round
from hypothesis import HealthCheck, given, settings

from storage.errors import RefusedInputError, StorageFullError
from storage.formats import brat
from storage.formats.brat_rows import quoted, unquoted
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, LeftOut
from storage.formats.folder import FoundFile, find_files
from storage.formats.interface import WriteContext
from storage.formats.registry import format_for, format_named
from storage.records import Fragment, LabelKind

BRAT = format_named("brat")
TEXT = "Ann Lee 🌊 said\r\nthat taxes will fall."


def at(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def row(name: str, label: str, *words: str, text: str = TEXT) -> str:
    ranges = ";".join(f"{start} {end}" for start, end in (at(piece, text) for piece in words))
    return f"{name}\t{label} {ranges}\t{' '.join(words)}\n"


def folder_with(folder: Path, notes: str | bytes, text: str | bytes = TEXT, name: str = "a") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for ending, content in (("txt", text), ("ann", notes)):
        (folder / f"{name}.{ending}").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read_one(folder: Path) -> ExchangeDocument:
    (document,) = brat.read(folder)
    assert isinstance(document, ExchangeDocument)
    return document


def words_of(document: ExchangeDocument) -> dict[str, str | None]:
    return {span.id: span.quote for span in document.spans}


ATTRIBUTION = (
    row("T1", "Source", "Ann Lee")
    + row("T2", "Cue", "said")
    + row("T3", "Content", "that", "will fall")
    + row("T4", "Attribution", "said")
    + "E1\tAttribution:T4 Cue:T2 Source:T1 Content:T3\n"
    + row("T5", "Content", "taxes")
)


def test_attribution_becomes_a_claim_with_cue_and_speaker(tmp_path):
    document = read_one(folder_with(tmp_path, ATTRIBUTION))
    assert {(s.id, s.kind, s.label, s.quote) for s in document.spans} == {
        ("T1", LabelKind.ACTOR, "Source", "Ann Lee"),
        ("T2", LabelKind.CUE, "Cue", "said"),
        ("T3", LabelKind.CLAIM, "Content", "that will fall"),
        ("T5", LabelKind.CLAIM, "Content", "taxes"),
    }
    assert {(link.type, link.from_id, link.to_id) for link in document.links} == {
        ("cue", "T3", "T2"),
        ("speaker", "T3", "T1"),
    }
    assert dict(next(s for s in document.spans if s.id == "T3").fields) == {"event": "Attribution"}
    assert (document.text, document.title) == (TEXT, "a")


def test_several_contents_of_an_event_are_one_claim_and_shared_contents_one_for_each_event(tmp_path):
    notes = (
        row("T1", "Content", "that")
        + row("T2", "Content", "will fall")
        + row("T3", "Quote", "said")
        + row("T4", "Source", "Ann Lee")
        + "E1\tQuote:T3 Content:T1 Content2:T2\nE2\tQuote:T3 Content:T2 Source:T4\n"
    )
    document = read_one(folder_with(tmp_path, notes))
    claims = {s.id: s.quote for s in document.spans if s.kind is LabelKind.CLAIM and s.label == "Content"}
    assert sorted(claims.values()) == ["that will fall", "will fall"]
    # No cue stands where the trigger does, so the trigger is the cue of both.
    trigger = next(s for s in document.spans if s.quote == "said")
    assert trigger.kind is LabelKind.CUE
    assert Counter((link.type, link.to_id) for link in document.links) == {("cue", trigger.id): 2, ("speaker", "T4"): 1}


def test_an_attribution_within_the_content_is_a_claim_of_its_own(tmp_path):
    text = "Orsk will pay, says Tan, who said Pell hoped so."
    notes = "".join(
        row(name, label, words, text=text)
        for name, label, words in (
            ("T1", "Content", "Orsk will pay"),
            ("T2", "Say", "says"),
            ("T3", "Person", "Tan"),
            ("T4", "Say", "said"),
            ("T5", "Person", "Pell"),
            ("T6", "Say", "hoped"),
            ("T7", "Content", "so"),
        )
    )
    events = (
        "E1\tSay:T2 Speaker:T3 Content:T1 Content2:E2\nE2\tSay:T4 Speaker:T3 Content:E3\n"
        "E3\tSay:T6 Speaker:T5 Content:T7\n"
    )
    document = read_one(folder_with(tmp_path, notes + events, text))
    claims = {span.id: span.quote for span in document.spans if span.kind is LabelKind.CLAIM}
    assert claims == {"T1": "Orsk will pay", "T7.E2": "Pell hoped so", "T7": "so"}
    cues = {span.id for span in document.spans if span.kind is LabelKind.CUE}
    assert cues == {"T2", "T4", "T6"}
    assert {(link.type, link.from_id, link.to_id) for link in document.links} == {
        ("speaker", "T1", "T3"),
        ("cue", "T1", "T2"),
        ("contains", "T1", "T7.E2"),
        ("speaker", "T7.E2", "T3"),
        ("cue", "T7.E2", "T4"),
        ("contains", "T7.E2", "T7"),
        ("speaker", "T7", "T5"),
        ("cue", "T7", "T6"),
    }


def test_attributions_that_lead_in_a_circle_end(tmp_path):
    trigger = row("T2", "Say", "said")
    with pytest.raises(RefusedInputError, match="itself"):
        read_one(folder_with(tmp_path, trigger + "E1\tSay:T2 Content:E1\n"))
    document = read_one(folder_with(tmp_path, trigger + "E1\tSay:T2 Content:E2\nE2\tSay:T2 Content:E1\n"))
    assert [link.type for link in document.links] == ["contains", "contains"]


def test_other_events_link_their_trigger_to_their_arguments(tmp_path):
    notes = (
        row("T1", "Decline", "fall")
        + row("T2", "Topic", "taxes")
        + row("T3", "Report", "said")
        + "E1\tDecline:T1 Theme:T2\nE2\tReport:T3 Theme:E1 By:T2\n"
    )
    document = read_one(folder_with(tmp_path, notes))
    assert {(link.type, link.from_id, link.to_id) for link in document.links} == {
        ("Theme", "T1", "T2"),
        ("Theme", "T3", "T1"),
        ("By", "T3", "T2"),
    }


def test_relations_attributes_notes_and_references_are_kept(tmp_path):
    notes = (
        row("T1", "Person", "Ann Lee")
        + row("T2", "Claim", "taxes will fall")
        + row("T3", "Person", "said")
        + "R1\tSpeaker Arg1:T2 Arg2:T1\t\r\n"
        + "*\tEquiv T1 T3\n"
        + "A1\tStance T2 for it\nA2\tNegated T2\nM1\tFlagged T1\n"
        + "N1\tReference T1 Wikidata:Q12\tAnn Lee (minister)\n"
        + "#1\tAnnotatorNotes T2\tfirst\n#2\tAnnotatorNotes T2\tsecond\n#3\tAnnotatorNotes R1\tsure?\n\n"
    )
    document = read_one(folder_with(tmp_path, notes))
    person, claim, _ = document.spans
    assert {(x.type, x.from_id, x.to_id) for x in document.links} == {("speaker", "T2", "T1"), ("equiv", "T1", "T3")}
    assert dict(claim.fields) == {"Stance": "for it", "Negated": "yes"}
    assert claim.note == "first\nsecond\nSpeaker: sure?"
    assert (person.actor, person.is_flagged) == ("Ann Lee (minister)", True)


def test_quote_may_go_on_over_several_rows(tmp_path):
    start, end = at("said\r\nthat")
    notes = f"T1\tCue {start} {end}\tsaid\r\nthat\nT2\tPerson 0 7\tAnn Lee\n"
    assert words_of(read_one(folder_with(tmp_path, notes))) == {"T1": "said\r\nthat", "T2": "Ann Lee"}


@pytest.mark.parametrize("shift", ["code points", "line ends as one", "UTF-16", "mark"])
def test_offsets_are_converted_where_the_words_say_so(tmp_path, shift: str):
    start, end = at("taxes")
    text: bytes = TEXT.encode()
    match shift:
        case "line ends as one":
            start, end = start - 1, end - 1
        case "UTF-16":
            start, end = start + 1, end + 1
        case "mark":
            start, end, text = start + 1, end + 1, codecs.BOM_UTF8 + text
    document = read_one(folder_with(tmp_path, f"T1\tTopic {start} {end}\ttaxes\n", text))
    assert [tuple(span.fragments[0]) for span in document.spans] == [at("taxes")]


def test_white_space_at_the_ends_of_a_span_goes(tmp_path):
    start, end = at(" taxes ")
    assert words_of(read_one(folder_with(tmp_path, f"T1\tTopic {start} {end}\t taxes \n"))) == {"T1": "taxes"}


def test_annotators_are_named_by_the_ends_of_file_names(tmp_path):
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a.txt").write_bytes(TEXT.encode())
    (tmp_path / "text" / "bare.txt").write_text("Nothing to see here.")
    for who in ("1f0c", "2b3d"):
        (tmp_path / "attributions" / f"a_{who}.ann").write_text(row("T1", "Person", "Ann Lee"))
    first, bare = brat.read(tmp_path)
    assert [(span.id, span.analyst) for span in first.spans] == [("1f0c:T1", "1f0c"), ("2b3d:T1", "2b3d")]
    assert (bare.title, bare.spans) == ("bare", ())


def test_folders_of_several_people_with_the_same_text_are_joined(tmp_path):
    link = row("T2", "Claim", "taxes will fall") + "R1\tspeaker Arg1:T2 Arg2:T1\n"
    folder_with(tmp_path / "ann", row("T1", "Person", "Ann Lee") + link)
    folder_with(tmp_path / "bob", row("T1", "Topic", "taxes"))
    folder_with(tmp_path / "bob", "T1\tTopic 0 5\tOther\n", "Other text.", name="b")
    assert format_for(tmp_path) is BRAT
    both, one = brat.read(tmp_path)
    assert {(span.label, span.analyst) for span in both.spans} == {
        ("Person", "ann"), ("Claim", "ann"), ("Topic", "bob"),
    }  # fmt: skip
    assert [(x.from_id, x.to_id, x.analyst) for x in both.links] == [("ann:T2", "ann:T1", "ann")]
    assert [(span.label, span.analyst) for span in one.spans] == [("Topic", "bob")]


def test_folders_of_different_texts_are_just_folders(tmp_path):
    folder_with(tmp_path / "train", row("T1", "Person", "Ann Lee"))
    folder_with(tmp_path / "dev", "T1\tTopic 0 5\tOther\n", "Other text.")
    assert [(d.title, [span.analyst for span in d.spans]) for d in brat.read(tmp_path)] == [("a", [None])] * 2


def test_folder_and_single_file_are_known_for_what_they_are(tmp_path):
    folder = folder_with(tmp_path / "deep" / "corpus", ATTRIBUTION)
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "b.txt").write_text("No annotations.")
    assert format_for(folder) is BRAT
    assert format_for(folder / "a.ann") is BRAT
    assert len(read_one(folder / "a.ann").spans) == 4
    found = {f.path.name: f.format.name for f in find_files([tmp_path]) if isinstance(f, FoundFile)}
    assert found == {"corpus": "brat", "b.txt": "text"}


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        (b"T1\tPerson 0 700\tAnn Lee\n", "a.ann, line 1: the span from 0 to 700 is empty or outside the text of 37"),
        (b"T1\tPerson 0 99999999999999999\tAnn\n", "a.ann, line 1: .*outside every text"),
        (b"T1\tPerson 7 0\tAnn Lee\n", "line 1: the span from 7 to 0 is empty"),
        (b"T1\tPerson 0 7\tBob Lee\n", "line 1: the span 0-7 says “Bob Lee”, but the text has “Ann Lee” there"),
        (b"T1\tPerson 7 8\t \n", "nothing but white space"),
        (b"T1\tPerson 0 7\tAnn Lee\nT1\tPerson 0 3\tAnn\n", "line 2: the id “T1” is that of a.ann, line 1"),
        (b"T1\tPerson 0 7\tAnn Lee\nR1\tx Arg1:T1 Arg2:T9\n", "line 2: “T9” is not the id of a span"),
        (b"T1\tPerson 0 7\tAnn Lee\nR1\tx Arg1:T1 Arg2:T1\n", "line 2: “x” leads from “T1” to itself"),
        (b"E1\tSay:E2\nE2\tSay:E1\n", "is not the id of a span"),
        (b"E1\tSay:T1" + b" a::::::::::::" * 60 + b"\tx\n", "line 1: .* is no annotation"),
        (b"R1\tx " + b"a:" * 5000 + b" b:T2\t\tx\n", "line 1: .* is no annotation"),
        (b"A1\tStance T4 for\n", "line 1: “T4” is not the id"),
        (b"\nwhat is this\n", "line 2: “what is this” is no annotation"),
        (b"T1\tPerson 0 7\tAnn Lee\nwhat is this\n", "line 2: “what is this” is no annotation"),
        (b"T1\tPerson 0-7\tAnn Lee\n", "line 1: .* is no annotation"),
        (b"T1\tPerson 0 7\tAnn Lee \xe9t\xe9\n", "a.ann is not UTF-8 at byte 23"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_line(tmp_path, notes: bytes, words: str):
    with pytest.raises(RefusedInputError, match=words):
        read_one(folder_with(tmp_path, notes))


def test_annotations_without_a_text_are_refused(tmp_path):
    (tmp_path / "lost.ann").write_text("T1\tPerson 0 3\tAnn\n")
    with pytest.raises(RefusedInputError, match=r"lost\.ann has no text beside it"):
        list(brat.read(tmp_path))
    with pytest.raises(RefusedInputError, match=r"lost\.txt is missing"):
        list(brat.read(tmp_path / "lost.ann"))


def test_a_broken_text_is_left_out_of_its_folder_by_name(tmp_path):
    folder_with(tmp_path, ATTRIBUTION)
    folder_with(tmp_path, "T1\tPerson 0 999\tAnn\n", name="b")
    (tmp_path / "lost.ann").write_text("T1\tPerson 0 3\tAnn\n")
    document, *left_out = brat.read(tmp_path)
    assert isinstance(document, ExchangeDocument)
    assert [part.where for part in left_out if isinstance(part, LeftOut)] == ["b.txt", "lost.txt"]
    assert "b.ann, line 1" in left_out[0].reason


def test_folder_of_all_sorts_is_searched_through_and_twin_folders_are_one(tmp_path):
    for name in ("one", "two"):
        folder_with(tmp_path / name, row("T1", "Person", "Ann Lee"))
    (tmp_path / "report.pdf").write_bytes(b"%PDF-")
    assert format_for(tmp_path) is None
    (tmp_path / "twins" / "text").mkdir(parents=True)
    folder_with(tmp_path / "twins" / "annotations", row("T1", "Person", "Ann Lee"))
    assert format_for(tmp_path / "twins") is BRAT


def test_what_else_is_in_the_folder_is_told(tmp_path):
    folder_with(tmp_path, ATTRIBUTION)
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-")
    (tmp_path / "annotation.conf").write_text("[entities]\n")
    (tmp_path / ".stats_cache").write_bytes(b"x")
    left_out, document = brat.read(tmp_path)
    assert left_out == LeftOut("notes.pdf", "no text or annotation of brat")
    assert isinstance(document, ExchangeDocument)


def test_single_file_of_one_person_finds_its_text(tmp_path):
    folder_with(tmp_path, row("T1", "Person", "Ann Lee"))
    (tmp_path / "a.ann").rename(tmp_path / "a_1f0c.ann")
    (document,) = brat.read(tmp_path / "a_1f0c.ann")
    assert isinstance(document, ExchangeDocument)
    assert [span.analyst for span in document.spans] == ["1f0c"]


def test_a_broken_configuration_only_takes_the_names(tmp_path):
    folder_with(tmp_path, row("T1", "Person", "Ann Lee"))
    (tmp_path / "visual.conf").write_bytes(b"[labels]\nPerson | Human | H\n\xff")
    assert read_one(tmp_path).spans[0].label == "Person"
    (tmp_path / "visual.conf").write_bytes(b"[labels]\nPerson | Human | H\n")
    assert read_one(tmp_path).spans[0].label == "Human"


def exported(tmp_path: Path, document: ExchangeDocument, **options: str) -> Path:
    tmp_path.mkdir(exist_ok=True)
    path = tmp_path / "out"
    brat.write([document], path, WriteContext(options=options))
    return path


EXPORTED = ExchangeDocument(
    title="Taxes / fall?",
    text=TEXT,
    spans=(
        ExchangeSpan("p", LabelKind.ACTOR, "Head of state", (Fragment(0, 7),), actor="Ann Lee", note="one\ntwo"),
        ExchangeSpan("c", LabelKind.CUE, "Cue", (Fragment(10, 14),)),
        ExchangeSpan("q", LabelKind.CLAIM, "Claim", (Fragment(16, 20), Fragment(27, 36)), fields={"Stance": "for"}),
    ),
    links=(ExchangeLink("1", "speaker", "q", "p"), ExchangeLink("2", "cue", "q", "c")),
)


def test_written_rows_are_those_of_brat(tmp_path):
    folder = exported(tmp_path, EXPORTED)
    (text,) = folder.glob("*.txt")
    assert text.read_bytes() == TEXT.encode()
    assert text.with_suffix(".ann").read_text("utf-8").split("\n") == [
        "T1\tHead_of_state 0 7\tAnn Lee",
        "T2\tCue 10 14\tsaid",
        "T3\tClaim 16 20;27 36\tthat will fall",
        "R1\tspeaker Arg1:T3 Arg2:T1\t",
        "R2\tcue Arg1:T3 Arg2:T2\t",
        "N1\tReference T1 Sayso:Ann%20Lee\tAnn Lee",
        '#1\tAnnotatorNotes T1\t"one\\ntwo"',
        "A1\tStance T3 for",
        "",
    ]
    assert (folder / "annotation.conf").read_text("utf-8").split("\n") == [
        "[entities]", "!Actors", "\tHead_of_state", "!Claims", "\tClaim", "!Cues", "\tCue",
        "[relations]", "speaker\tArg1:Claim, Arg2:Head_of_state", "cue\tArg1:Claim, Arg2:Cue",
        "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "[events]", "[attributes]",
        "Flagged\tArg:<ENTITY>", "Stance\tArg:<ENTITY>, Value:for", "",
    ]  # fmt: skip
    assert "Head_of_state | Head of state" in (folder / "visual.conf").read_text("utf-8")


def test_claims_are_written_as_events_where_that_is_wished(tmp_path):
    folder = exported(tmp_path, EXPORTED, claims="events")
    rows = next(folder.glob("*.ann")).read_text("utf-8").split("\n")
    assert "T4\tAttribution 10 14\tsaid" in rows
    assert "E1\tAttribution:T4 Content:T3 Source:T1 Cue:T2" in rows
    assert not [found for found in rows if found.startswith("R")]


@given(found=documents(BRAT.holds))
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_claims_as_events_come_back_the_same(tmp_path_factory, found):
    read = gone_round(BRAT, found, tmp_path_factory.mktemp("round") / "out", options={"claims": "events"})
    told = {"speaker", "cue", "target"}
    for before, after in zip(found, read, strict=True):
        fields = {s.fragments: s.fields for s in after.spans}
        for link in before.links:
            if link.type in told:
                assert "event" in fields[next(s.fragments for s in before.spans if s.id == link.from_id)]
        for span in after.spans:
            span.fields.pop("event", None)  # type: ignore[attr-defined]
    assert_same(found, read, BRAT.holds, has_titles=False)


def test_names_of_files_are_told_apart_and_safe(tmp_path):
    titles = ["A: b?", "A b", "../../etc", "CON", "", "🌊" * 200]
    found = [ExchangeDocument(title=title, text=f"{number} text") for number, title in enumerate(titles)]
    brat.write(found, tmp_path / "out", WriteContext())
    names = {path.stem for path in (tmp_path / "out").glob("*.txt")}
    assert len(names) == len(titles)
    assert not any(set(name) & set('<>:"/\\|?* ') for name in names)


def test_folder_that_is_not_empty_stays_as_it_is(tmp_path):
    folder_with(tmp_path / "out", ATTRIBUTION)
    with pytest.raises(StorageFullError):
        brat.write([EXPORTED], tmp_path / "out", WriteContext())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.ann", "a.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "two words",
        ' "',
        "one\ntwo",
        "\u2028",
        " lead",
        "trail ",
        '"q"',
        '"q\\n"',
        "C:\\new",
        '"\\"',
        "\t",
        '"',
    ],
)
def test_every_value_fits_on_a_row_and_comes_back(value: str):
    assert unquoted(quoted(value)) == value
    assert len(quoted(value).splitlines()) == 1
    assert quoted(value) == quoted(value).strip()


def test_values_of_other_tools_stay_as_they_are():
    for value in ('"We go to school"', "C:\\new", '"C:\\', "plain"):
        assert unquoted(value) == value


def test_independent_reader_sees_the_same(tmp_path):
    from bioc.brat import decoder

    for options in ({}, {"claims": "events"}):
        folder = exported(tmp_path / str(len(options)), EXPORTED, **options)
        found = decoder.loads(TEXT, next(folder.glob("*.ann")).read_text("utf-8"))
        spans = {e.id: (e.type, sorted((at.begin, at.end) for at in e.locations), e.text) for e in found.entities}
        assert spans["T3"] == ("Claim", [(16, 20), (27, 36)], "that will fall")
        assert (spans["T1"][0], spans["T2"][2]) == ("Head_of_state", "said")
        assert [(a.type, a.refid, a.attributes) for a in found.attributes] == [("Stance", "T3", {"for"})]
        assert [(note.refid, note.text) for note in found.notes] == [("T1", '"one\\ntwo"')]
        if options:
            (event,) = found.events
            assert (event.type, event.trigger_id) == ("Attribution", "T4")
            assert event.arguments == {"Content": "T3", "Source": "T1", "Cue": "T2"}
        else:
            assert [(r.type, dict(r.arguments)) for r in found.relations] == [
                ("speaker", {"Arg1": "T3", "Arg2": "T1"}),
                ("cue", {"Arg1": "T3", "Arg2": "T2"}),
            ]
