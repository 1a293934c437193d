"""What a check finds, and what can be done about it. Free of SQLAlchemy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Repair(StrEnum):
    """Something that `storage.repairs` can do."""

    FROM_BACKUP = "from_backup"
    LENGTH = "length"
    FROM_LOG = "from_log"
    REANCHOR = "reanchor"
    ENVELOPE = "envelope"
    DROP_LINK = "drop_link"
    LET_GO = "let_go"
    REVIEWED = "reviewed"
    ALIASES = "aliases"
    RECOUNT = "recount"
    WORD_INDEX = "word_index"
    FILE_INDEX = "file_index"


#: What each repair does, as one sentence for the analyst; in the order in which they are done.
EXPLAINED = {
    Repair.FILE_INDEX: "Make the file's internal indexes anew from its rows. The rows stay as they are.",
    Repair.FROM_BACKUP: "Put the text back from the newest backup in which it is exactly what was imported.",
    Repair.LENGTH: "Set the length of the document to that of its text, whose hash is right.",
    Repair.FROM_LOG: "Put the rows back to what the change log says that was decided. Undo takes this back.",
    Repair.REANCHOR: "Move the span to where its words stand, nearest to its former place. Undo takes this back.",
    Repair.ENVELOPE: "Let the span begin and end where its fragments do. Undo takes this back.",
    Repair.DROP_LINK: "Remove the link, which joins what cannot be joined. Undo takes this back.",
    Repair.LET_GO: "Let the span, which is no mention, point to no actor. Undo takes this back.",
    Repair.REVIEWED: "Join the reviewed stretches that overlap, and cut them off at the end of the text. "
    "Undo takes this back.",
    Repair.ALIASES: "Make the forms by which names are looked up anew from the names.",
    Repair.RECOUNT: "Count the progress of the documents anew.",
    Repair.WORD_INDEX: "Make the index of words anew from the texts.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, as one sentence; `repair` and the row that it is about, where something can be done.

    `entity` is a name of `storage.entities.ENTITIES`.
    """

    sentence: str
    repair: Repair | None = None
    entity: str = ""
    row_id: int = 0
