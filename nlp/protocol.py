"""What the window and the worker process say to each other: one JSON object a line, ASCII only, never pickle.

The window writes requests, the worker replies; each is a frozen dataclass whose name goes into the line. Imports
nothing but the standard library and plain types, so that the window can use it without loading spaCy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from nlp.suggestion import (
    DocumentSuggestions,
    KnownActor,
    Range,
    SuggestRequest,
    TrainingDocument,
    TrainingSpan,
)

#: What the name of a pipeline begins with that only cuts a text into words and sentences.
BLANK = "blank:"

#: The document on screen; all other work has larger numbers.
ON_SCREEN, BACKGROUND = 0, 1

#: How the worker ends when it has no memory for what it was asked; the next one may have.
OUT_OF_MEMORY = 12


class ProtocolError(ValueError):
    """A line is not a message of this protocol."""


@dataclass(frozen=True, slots=True)
class PipelineInfo:
    """What a pipeline is and, in one plain sentence for people, what it cannot do (`missing`, empty if full)."""

    name: str
    version: str
    language: str
    is_full: bool
    missing: str = ""

    @property
    def model(self) -> str:
        """Name and version, as suggestions record where they came from."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Suggest:
    """Request: work on a document."""

    request: SuggestRequest
    priority: int = BACKGROUND


@dataclass(frozen=True, slots=True)
class Prioritise:
    """Request: take this document first, if it still waits."""

    document_id: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """Request: forget this document, or all of them; each is answered by `Cancelled`."""

    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class StartExport:
    """Request: begin a folder of spaCy training data; the documents follow, then `FinishExport`."""

    job: int
    out_dir: str
    dev_share: float = 0.2
    seed: int = 0
    only_reviewed: bool = False


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """Request: add a document to the export; answered by `ExportProgress`."""

    job: int
    document: TrainingDocument


@dataclass(frozen=True, slots=True)
class FinishExport:
    """Request: no more documents: write the files; answered by `Exported` or `ExportFailed`."""

    job: int


@dataclass(frozen=True, slots=True)
class CancelExport:
    """Request: give the export up and leave nothing behind."""

    job: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Request: answer `Pong` between two batches."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Request: end after the running batch."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Reply: a language's pipeline is loaded."""

    info: PipelineInfo


@dataclass(frozen=True, slots=True)
class Working:
    """Reply: the batch that begins holds parts of these documents (whom to blame if the worker dies)."""

    document_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Reply: so many parts of a document are read."""

    document_id: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Reply: the suggestions for a document."""

    suggestions: DocumentSuggestions


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Reply: the document was forgotten."""

    document_id: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Reply: the suggesters failed on a document; one sentence without its words."""

    document_id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """Reply: so many documents are taken into the export."""

    job: int
    done: int


@dataclass(frozen=True, slots=True)
class Exported:
    """Reply: the export is complete; `report` is what `report.json` holds."""

    job: int
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExportFailed:
    """Reply: the export was given up and left nothing behind; one sentence for people, empty if cancelled."""

    job: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Pong:
    """Reply to `Ping`."""

    number: int


Request = Suggest | Prioritise | Cancel | StartExport | ExportDocument | FinishExport | CancelExport | Ping | Shutdown
Reply = Ready | Working | Progress | Suggestions | Cancelled | Failed | ExportProgress | Exported | ExportFailed | Pong

#: The messages that hold only plain values; the rest are read by the functions below.
_PLAIN: tuple[type[Request | Reply], ...] = (
    Prioritise,
    Cancel,
    StartExport,
    FinishExport,
    CancelExport,
    Ping,
    Shutdown,
    Progress,
    Cancelled,
    Failed,
    ExportProgress,
    Exported,
    ExportFailed,
    Pong,
)


def encode(message: Request | Reply) -> bytes:
    """Return a message as one line of ASCII, line feed included."""
    if isinstance(message, Suggestions):
        data: dict[str, Any] = {"suggestions": message.suggestions.to_json()}
    else:
        data = asdict(message)
    data["type"] = type(message).__name__
    # The only values that JSON does not know are sets of words.
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"), default=sorted).encode("ascii") + b"\n"


def decode(line: bytes) -> Request | Reply:
    """Read a line that `encode` wrote.

    Raises:
        ProtocolError: it is something else.
    """
    try:
        data = json.loads(line)
        return _READERS[data.pop("type")](data)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProtocolError(f"not a message: {type(error).__name__}") from error


def _read_plain(kind: type[Request | Reply], data: dict[str, Any]) -> Request | Reply:
    return kind(**data)


def _read_suggest(data: Mapping[str, Any]) -> Suggest:
    request = dict(data["request"])
    actors = tuple(KnownActor(**{**row, "aliases": tuple(row["aliases"])}) for row in request.pop("actors"))
    request["cue_kinds_off"] = frozenset(request["cue_kinds_off"])
    return Suggest(SuggestRequest(**request, actors=actors), data["priority"])


def _read_export_document(data: Mapping[str, Any]) -> ExportDocument:
    document = dict(data["document"])
    for name in ("confirmed", "rejected"):
        document[name] = tuple(
            TrainingSpan(row["kind"], row["label"], tuple(Range(*fragment) for fragment in row["fragments"]))
            for row in document[name]
        )
    for name in ("reviewed", "excluded"):
        document[name] = tuple(Range(*row) for row in document[name])
    return ExportDocument(data["job"], TrainingDocument(**document))


_READERS: dict[str, Callable[[dict[str, Any]], Request | Reply]] = {
    **{kind.__name__: partial(_read_plain, kind) for kind in _PLAIN},
    "Suggest": _read_suggest,
    "ExportDocument": _read_export_document,
    "Ready": lambda data: Ready(PipelineInfo(**data["info"])),
    "Working": lambda data: Working(tuple(data["document_ids"])),
    "Suggestions": lambda data: Suggestions(DocumentSuggestions.from_json(data["suggestions"])),
}
