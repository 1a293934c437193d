"""What the window and the worker write to each other is read back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import protocol as p
from nlp.suggestion import (
    DocumentSuggestions,
    KnownActor,
    Range,
    SuggestedLink,
    SuggestedSpan,
    SuggestRequest,
    TrainingDocument,
    TrainingSpan,
)

_SPAN = TrainingSpan("claim", "Claim", (Range(0, 4), Range(9, 12)))
_MESSAGES = [
    p.Suggest(
        SuggestRequest(
            3,
            "Velmar pays.",
            "en",
            (KnownActor(1, "Velmar", "state", ("VLM", "东岸")),),
            cue_kinds_off=frozenset({"belief", "evidence"}),
        ),
        p.ON_SCREEN,
    ),
    p.Prioritise(3),
    p.Cancel(),
    p.Cancel(3),
    p.StartExport(1, "/tmp/out", 0.3, 7, only_reviewed=True),
    p.ExportDocument(
        1,
        TrainingDocument(3, "A", "Velmar pays.", "en", (_SPAN,), (_SPAN,), (Range(0, 12),), {"a": [1]}, (Range(3, 5),)),
    ),
    p.FinishExport(1),
    p.CancelExport(1),
    p.Ping(4),
    p.Shutdown(),
    p.Ready(p.PipelineInfo("blank:sv", "3.8", "sv", is_full=False, missing="No pipeline.")),
    p.Working((1, 2)),
    p.Progress(3, 1, 2),
    p.Suggestions(
        DocumentSuggestions(
            3,
            "rules",
            "1",
            "m 1",
            (SuggestedSpan(0, "claim", (Range(0, 4), Range(6, 9)), 0.5, None, "cue “said”", "speech"),),
            (SuggestedLink("speaker", 0, 0, 0.5),),
        )
    ),
    p.Cancelled(3),
    p.Failed(3, "It failed."),
    p.ExportProgress(1, 5),
    p.Exported(1, {"train": {"docs": 3}}),
    p.ExportFailed(1, ""),
    p.Pong(4),
]


@pytest.mark.parametrize("message", _MESSAGES, ids=lambda message: type(message).__name__)
def test_message_is_read_back_as_it_was_written(message):
    assert p.decode(p.encode(message)) == message


def test_every_kind_of_message_is_tried_above():
    kinds = {*p.Request.__args__, *p.Reply.__args__}

    assert {type(message) for message in _MESSAGES} == kinds


@given(st.text())
def test_any_text_travels_on_one_line_of_ascii(text):
    line = p.encode(p.Suggest(SuggestRequest(1, text)))

    assert line.isascii()
    assert line.count(b"\n") == 1
    assert b"\r" not in line
    assert p.decode(line).request.text == text


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"nonsense", b"[]", b"1", b"{}", b'{"type": "Ping", "shoe": 1}', b'{"type": "os"}', b"\xff\xfe"],
)
def test_line_that_is_no_message_is_refused(line):
    with pytest.raises(p.ProtocolError):
        p.decode(line)
