"""What is selected on screen is what is stored and exported, character for character, whatever the text is made of."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gui.document.view import DocumentView
from gui.session import Session
from storage.exporting import export_documents
from storage.formats.registry import format_named
from storage.importing import import_paths
from storage.operations.spans import draw
from storage.project import Project

EXAMPLES = {
    "emoji": ("Before 🌊🌊 the storm, Weir 👩‍👩‍👧‍👦 spoke 🇻🇪 twice.", "Weir 👩‍👩‍👧‍👦 spoke"),
    "emoji before": ("🌊🌊🌊 Velmar waits.", "Velmar"),
    "CRLF": ("First line.\r\n\r\nVelmar said so.\r\nOrsk did not.", "Velmar said"),
    "over a CRLF": ("Velmar said\r\nthat Orsk pays.", "said\r\nthat Orsk"),
    "NBSP": ("The\u00a0“east\u00a0shore” plan of\u00a0Velmar stands.", "plan of\u00a0Velmar"),
    "combining marks": ("Zoë’s cafe\u0301 in Kars\u030ck burns, says Taval.", "cafe\u0301 in Kars\u030ck"),
    "CJK": ("东岸 (Dong’an) is a policy. 维尔马 protests.", "维尔马"),
    "right to left": ("Velmar says: قال الوزير إن الميناء مغلق today.", "قال الوزير"),
    "Hebrew": ("אמר השר כי הנמל סגור", "השר כי"),
    "U+2028": ("One line.\u2028Velmar said so.\u2029Orsk did not.", "Velmar said"),
    "tab and vertical tab": ("A\tVelmar\x0bOrsk\x0cTaval end.", "Velmar"),
    "zero width": ("Vel\u200bmar and Or\u200dsk and \u2066Taval\u2069 end.", "Or\u200dsk"),
    "astral letters": ("𝓥𝓮𝓵𝓶𝓪𝓻 said 𝕆𝕣𝕤𝕜 pays.", "said 𝕆𝕣𝕤𝕜"),
}


def _export(project, path):
    format_named("jsonl").writer().write(export_documents(project), path)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("name", EXAMPLES)
def test_words_selected_by_key_are_the_words_exported(make_desk, make_project, tmp_path, name):
    text, words = EXAMPLES[name]
    source = tmp_path / "source.txt"
    source.write_bytes(text.encode())
    desk = make_desk()
    desk.open(make_project("empty", []))
    desk.files.files = [source]
    desk.press("Ctrl+I")
    desk.qtbot.waitUntil(lambda: desk.window.documents.model.total == 1 and not desk.window.transfer.is_busy)
    for dialog in desk.dialogs():
        dialog.close()
    assert desk.text == text

    start_cp = text.index(words)
    desk.view.place_cursor(start_cp)
    is_leftwards = desk.view._along(1) < 0
    while desk.view.cursor_cp < start_cp + len(words):
        before = desk.view.cursor_cp
        desk.press("Shift+Left" if is_leftwards else "Shift+Right")
        assert desk.view.cursor_cp > before
    assert desk.view.selected_text() == words
    desk.press("4")

    (document,) = _export(desk.project, tmp_path / "out.jsonl")
    assert document["text"] == text
    (span,) = [span for span in document["spans"] if span["state"] == "confirmed"]
    assert span["quote"] == words
    assert span["fragments"] == [[start_cp, start_cp + len(words)]]


_WORDS = [
    "Velmar",
    "东岸",
    "é",
    "e\u0301",
    "🌊",
    "👩\u200d👩\u200d👧",
    "🇻🇪",
    "قال",
    "הנמל",
    "𝓥𝓮",
    "“so”",
    "x-y",
    "…",
    ".",
    "\u200b",
]
_GAPS = [" ", " ", " ", "  ", "\n", "\r\n", "\r", "\u00a0", "\u2028", "\u2029", "\t", "\u3000", "\x85"]
_PIECES = st.sampled_from([*_WORDS, *_GAPS])


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    made = Session(Project.create(tmp_path_factory.mktemp("exact") / "exact.sayso"))
    yield made
    made.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(_PIECES, min_size=1, max_size=25), steps=st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_any_selection_of_any_text_is_stored_and_exported_exactly(qtbot, session, tmp_path, pieces, steps):
    text = "".join(pieces)
    (tmp_path / "any.jsonl").write_text(json.dumps({"text": text}) + "\n", encoding="utf-8")
    report = import_paths(session.project, [tmp_path / "any.jsonl"])
    assume(report.documents)  # neither nothing but white space, nor there already
    session.announce(report.changes)
    item = session.items()[-1]
    content = session.content(item.document.id)
    assert content.text == text
    view = DocumentView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show_document(content, session.codebook)
    for step in steps:
        moves = (view.move_word, view.move_char, view.move_line)
        moves[step % 3](1 if step % 2 else -1, select=step > 1)
    selection = view.selection()
    words = view.selected_text()
    assume(selection)

    assert session.do(draw, item.document.id, session.codebook.labels[0].id, selection) is not None

    exported = _export(session.project, tmp_path / "out.jsonl")[-1]
    assert exported["text"] == text
    ((start_cp, end_cp),) = exported["spans"][0]["fragments"]
    assert exported["spans"][0]["quote"] == words == text[start_cp:end_cp]
    assert words == words.strip()
