"""The one table of commands: id, text, group, keys, scope and help.

Menus, the key sheet, the palette and the docs derive from it. A command of scope `VIEW` works only while the
document has the focus, so that typing in a text field is never taken for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Scope(StrEnum):
    """Where a command's keys work."""

    WINDOW = "window"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the program can be told to do.

    `keys` are in Qt's portable notation; the first is the one shown. `choice` names a set of commands of which
    one is in force. `is_repeated`: holding the key down repeats the command, which none that decides may do.
    """

    id: str
    text: str
    group: str
    keys: tuple[str, ...]
    scope: Scope
    help: str
    is_toggle: bool = False
    choice: str = ""
    is_repeated: bool = False


def _block(
    group: str,
    scope: Scope,
    *rows: tuple[str, str, str, str],
    is_toggle: bool = False,
    choice: str = "",
    is_repeated: bool = False,
) -> tuple[Command, ...]:
    """Make commands of rows (id, text, keys parted by blanks, help) that share the rest."""
    return tuple(
        Command(ident, text, group, tuple(keys.split()), scope, say, is_toggle, choice, is_repeated)
        for ident, text, keys, say in rows
    )


_WINDOW, _VIEW = Scope.WINDOW, Scope.VIEW

# fmt: off
#: The table. A menu has a line between the blocks of its group.
BLOCKS: tuple[tuple[Command, ...], ...] = (
    _block(
        "Project", _WINDOW,
        ("project.new", "New project …", "Ctrl+N", "Make an empty project: one file that holds everything."),
        ("project.open", "Open project …", "Ctrl+O", "Open a project file."),
        ("project.recent", "Open recent …", "Ctrl+Shift+O", "Choose among the projects opened lately."),
        ("project.sample", "Open the sample", "", "Open a ready project with suggestions, to try things out."),
    ),
    _block(
        "Project", _WINDOW,
        ("import.files", "Import files …", "Ctrl+I", "Add documents and labels from files of many formats."),
        ("import.folder", "Import folder …", "Ctrl+Shift+I", "Add every document of a folder and those below it."),
        ("import.choose", "Import with choices …", "", "Say what files are and what their labels become."),
        ("project.export", "Export …", "Ctrl+E", "Write training data, files for other tools, tables or networks."),
    ),
    _block(
        "Project", _WINDOW,
        ("codebook.import", "Import codebook …", "", "Take labels, link types and fields from a codebook file."),
        ("codebook.export", "Export codebook …", "", "Write labels, link types and fields as one readable file."),
    ),
    _block(
        "Project", _WINDOW,
        ("project.backups", "Backups …", "", "List the backups of the project, make one, go back to one."),
        ("project.check", "Check …", "", "Check the file, its texts, spans and change log; mend what can be mended."),
        ("project.passphrase", "Passphrase …", "", "Encrypt the project, change its passphrase, or make it plain."),
    ),
    _block(
        "Project", _WINDOW,
        ("project.close", "Close project", "Ctrl+W", "Close the project; everything is already saved."),
        ("project.quit", "Quit", "Ctrl+Q", "Leave the program; it comes back to the same place."),
    ),
    _block(
        "Edit", _WINDOW,
        ("edit.undo", "Undo", "Ctrl+Z", "Take back the last decision, in whichever document it was."),
        ("edit.redo", "Redo", "Ctrl+Shift+Z Ctrl+Y", "Do again what was undone."),
        is_repeated=True,
    ),
    _block("Edit", _VIEW, ("edit.copy", "Copy", "Ctrl+C", "Copy the selected words, exactly as they stand.")),
    _block(
        "Edit", _WINDOW,
        ("find.document", "Find in document", "Ctrl+F", "Find words or a pattern in this text."),
        ("find.project", "Find in project", "Ctrl+Shift+F", "Find words in all documents; label hits from the list."),
    ),
    _block(
        "Edit", _WINDOW,
        ("document.describe", "Describe document …", "Ctrl+D", "Change title, source, date or language."),
        ("document.remove", "Remove document", "", "Take the document out of the project; undo brings it back."),
        ("text.repeats", "Repeated paragraphs …", "", "List paragraphs that many documents share, to leave them out."),
    ),
    _block(
        "Edit", _WINDOW,
        ("find.next", "Find next", "F3", "Go to the next hit."),
        ("find.previous", "Find previous", "Shift+F3", "Go to the hit before."),
        is_repeated=True,
    ),
    _block(
        "Decide", _VIEW,
        ("suggestion.next", "Next suggestion", "Tab", "Go to the next undecided one, then to the next document."),
        ("suggestion.previous", "Previous suggestion", "Shift+Tab", "Go back to the undecided suggestion before."),
        is_repeated=True,
    ),
    _block(
        "Decide", _VIEW,
        ("span.accept", "Accept", "Return Enter", "Accept the focused suggestion and go on."),
        ("span.reject", "Reject", "Backspace", "Reject the suggestion and go on; delete a confirmed span."),
        ("span.delete", "Delete span", "Del", "Delete the focused span if it is confirmed; leave suggestions alone."),
        ("span.equal", "Decide equal ones", "E", "Make the same decision on all equal mentions, after a preview."),
        ("span.never", "Never suggest these words", "X", "Reject these words everywhere, now and later."),
    ),
    _block(
        "Decide", _VIEW,
        ("sentence.accept", "Accept sentence", "Ctrl+Return Ctrl+Enter", "Accept all undecided in the sentence."),
        ("sentence.reject", "Reject sentence", "Ctrl+Shift+Return Ctrl+Shift+Enter",
         "Reject all undecided in the sentence."),
        ("sentence.reviewed", "Sentence reviewed", "R", "Declare the sentence complete; again takes it back."),
        ("document.reviewed", "Document reviewed", "Shift+R", "Declare the document complete and open the next."),
    ),
    _block(
        "Decide", _VIEW,
        ("text.exclude", "Leave out of the work", "Z",
         "Leave the selected words or the paragraph out of the work; in a part that is left out, take it in again."),
        ("text.exclude.everywhere", "Leave out everywhere …", "Shift+Z",
         "Leave the paragraph out in all documents that have it, after a preview."),
    ),
    _block(
        "Label", _VIEW,
        *((f"label.{digit}", f"Label {digit}", f"{digit}",
           f"Give label {digit} to the focused span (and accept it), or to the selected words.")
          for digit in range(1, 10)),
    ),
    _block(
        "Label", _VIEW,
        ("label.choose", "Label by name …", "L", "Choose a label by its name, for the focused span or selected words."),
        ("link.speaker", "Speaker", "S", "Choose who says the claim; the nearest mention is proposed."),
        ("link.target", "Target", "T", "Choose whom the claim is about; the nearest mention is proposed."),
        ("mention.actor", "Which actor", "A", "Choose which actor of the registry the mention is, or create one."),
    ),
    _block(
        "Label", _VIEW,
        ("fragment.add", "Add fragment", "+ = Shift++", "Add the selected words to the focused span as a fragment."),
        ("fragment.remove", "Remove fragment", "-", "Take the fragment at the cursor out of the focused span."),
        ("span.fields", "Fields", "F", "Go to the fields of the span: stance, kind, certainty."),
        ("span.note", "Note", "N", "Write a note on the focused span."),
    ),
    _block(
        "Label", _VIEW,
        ("span.discuss", "Discuss", "D", "Flag the focused span for discussion; again takes the flag away."),
    ),
    _block(
        "Move", _VIEW,
        ("cursor.left.word", "Cursor left", "Left", "Move the cursor one word to the left."),
        ("cursor.right.word", "Cursor right", "Right", "Move the cursor one word to the right."),
        ("cursor.up", "Cursor up", "Up", "Move the cursor to the line above."),
        ("cursor.down", "Cursor down", "Down", "Move the cursor to the line below."),
        ("cursor.left.character", "Cursor left by character", "Ctrl+Left", "Move the cursor one character left."),
        ("cursor.right.character", "Cursor right by character", "Ctrl+Right", "Move the cursor one character right."),
        ("cursor.left.phrase", "Cursor left by phrase", "Home", "Move the cursor back to the last stop or mark."),
        ("cursor.right.phrase", "Cursor right by phrase", "End", "Move the cursor behind the next stop or mark."),
        ("cursor.up.sentence", "Previous sentence", "Ctrl+Up", "Move the cursor to the beginning of a sentence."),
        ("cursor.down.sentence", "Next sentence", "Ctrl+Down", "Move the cursor to the next sentence."),
        ("cursor.up.page", "Page up", "PgUp", "Move the cursor up by what the window shows."),
        ("cursor.down.page", "Page down", "PgDown", "Move the cursor down by what the window shows."),
        ("cursor.up.text", "Beginning of the text", "Ctrl+Home", "Move the cursor to the beginning of the text."),
        ("cursor.down.text", "End of the text", "Ctrl+End", "Move the cursor to the end of the text."),
        is_repeated=True,
    ),
    _block(
        "Move", _VIEW,
        ("select.left.word", "Select left", "Shift+Left", "Select one word to the left."),
        ("select.right.word", "Select right", "Shift+Right", "Select one word to the right."),
        ("select.up", "Select up", "Shift+Up", "Select to the line above."),
        ("select.down", "Select down", "Shift+Down", "Select to the line below."),
        ("select.left.character", "Select left by character", "Ctrl+Shift+Left", "Select one character to the left."),
        ("select.right.character", "Select right by character", "Ctrl+Shift+Right",
         "Select one character to the right."),
        ("select.left.phrase", "Select left by phrase", "Shift+Home", "Select back to the last stop or mark."),
        ("select.right.phrase", "Select right by phrase", "Shift+End", "Select up to the next stop or mark."),
        ("select.up.sentence", "Select to its beginning", "Ctrl+Shift+Up", "Select to the beginning of the sentence."),
        ("select.down.sentence", "Select the sentence", "Ctrl+Shift+Down", "Select to the end of the sentence."),
        ("select.up.page", "Select a page up", "Shift+PgUp", "Select up by what the window shows."),
        ("select.down.page", "Select a page down", "Shift+PgDown", "Select down by what the window shows."),
        ("select.up.text", "Select to the beginning", "Ctrl+Shift+Home", "Select to the beginning of the text."),
        ("select.down.text", "Select to the end", "Ctrl+Shift+End", "Select to the end of the text."),
        is_repeated=True,
    ),
    _block(
        "Move", _VIEW,
        ("end.left.word", "Span end left", "Alt+Left", "Move the focused span's end one word to the left."),
        ("end.right.word", "Span end right", "Alt+Right", "Move the focused span's end one word to the right."),
        ("start.left.word", "Span start left", "Alt+Shift+Left", "Move the focused span's start one word left."),
        ("start.right.word", "Span start right", "Alt+Shift+Right", "Move the focused span's start one word right."),
        ("end.left.phrase", "Span end left by phrase", "Alt+Home", "Move its end back to the last stop or mark."),
        ("end.right.phrase", "Span end right by phrase", "Alt+End", "Move its end to the next stop or mark."),
        ("start.left.phrase", "Span start left by phrase", "Alt+Shift+Home",
         "Move its start back behind the last stop or mark."),
        ("start.right.phrase", "Span start right by phrase", "Alt+Shift+End",
         "Move its start on behind the next stop or mark."),
        ("end.left.character", "Span end left by character", "Ctrl+Alt+Left", "Move its end one character left."),
        ("end.right.character", "Span end right by character", "Ctrl+Alt+Right", "Move its end one character right."),
        ("start.left.character", "Span start left by character", "Ctrl+Alt+Shift+Left",
         "Move its start one character left."),
        ("start.right.character", "Span start right by character", "Ctrl+Alt+Shift+Right",
         "Move its start one character right."),
        is_repeated=True,
    ),
    _block(
        "Move", _VIEW,
        ("span.cycle", "Next span here", "O", "Go through the overlapping spans at the cursor."),
        ("focus.clear", "Let go", "Esc", "Drop the selection, then the focus."),
    ),
    _block(
        "Move", _VIEW,
        ("discuss.next", "Next flagged", "Shift+D", "Go to the next span that is flagged for discussion."),
    ),
    _block(
        "Move", _WINDOW,
        ("document.next", "Next document", "Ctrl+PgDown", "Open the next document of the list."),
        ("document.previous", "Previous document", "Ctrl+PgUp", "Open the document before."),
        ("pane.next", "Next pane", "F6", "Go on to documents, text, inspector, in turn."),
        ("pane.previous", "Previous pane", "Shift+F6", "Go back to the pane before."),
    ),
    _block(
        "Suggest", _WINDOW,
        ("suggest.document", "Suggest again", "F5", "Look for suggestions in this document again."),
        ("suggest.project", "Suggest in all documents", "Ctrl+F5", "Look for suggestions in all documents."),
    ),
    _block(
        "Suggest", _VIEW,
        ("suggestion.fewer", "Hide unlikely ones", "Alt+Up",
         "Hide suggestions of low score: of the focused one's label, else of all."),
        ("suggestion.more", "Show unlikelier ones", "Alt+Down", "Show suggestions of lower score again."),
        ("suggestion.all", "Show all suggestions", "", "Hide no suggestion for its score."),
    ),
    _block(
        "Suggest", _WINDOW,
        ("suggestion.scores", "Scores of suggestions …", "Ctrl+T",
         "Choose for each label from which score on suggestions are shown, and see how many stay."),
        ("suggest.blocked", "Words never suggested …", "", "List the words that X blocked, and take some back."),
    ),
    _block(
        "Suggest", _WINDOW,
        ("suggest.memory", "Remember confirmed words", "", "Suggest what you confirm wherever else it stands, or not."),
        ("suggest.pause", "Pause suggesting", "Shift+F5", "Hold the suggesters; again lets them go on."),
        is_toggle=True,
    ),
    _block(
        "View", _WINDOW,
        ("zoom.in", "Larger text", "Ctrl++ Ctrl+= Ctrl+Shift++", "Make the document's text larger."),
        ("zoom.out", "Smaller text", "Ctrl+-", "Make the document's text smaller."),
        ("zoom.reset", "Normal text size", "Ctrl+0", "Bring the document's text back to its normal size."),
        is_repeated=True,
    ),
    _block(
        "View", _WINDOW,
        ("font.serif", "Serif text", "", "Show documents in a serif font."),
        ("font.sans", "Sans-serif text", "", "Show documents in a sans-serif font."),
        choice="font",
    ),
    _block(
        "View", _WINDOW,
        ("theme.light", "Light", "", "Show dark text on a light page."),
        ("theme.dark", "Dark", "", "Show light text on a dark page."),
        ("theme.system", "Like the desktop", "", "Be light or dark as the desktop is."),
        choice="theme",
    ),
    _block(
        "View", _WINDOW,
        ("codebook.show", "Codebook", "Ctrl+Shift+L", "Show labels, link types and fields, and change them."),
        ("registry.show", "Actors", "Ctrl+Shift+A", "Show the registry: actors, their names and their mentions."),
        ("claims.show", "All claims", "Ctrl+Shift+C", "List who says what about whom, in the whole project."),
        ("registry.unlinked", "Mentions not linked", "Ctrl+Shift+M",
         "Show mentions that belong to no actor by their words, to link them."),
    ),
    _block(
        "View", _WINDOW,
        ("spans.rejected", "Rejected spans", "Ctrl+Shift+R", "Show rejected spans struck through, or hide them."),
        ("spans.flagged", "Only flagged spans", "Ctrl+Shift+D", "Show only what is flagged for discussion."),
        ("panel.documents", "Documents and labels", "Ctrl+B", "Show or hide the documents and labels."),
        ("panel.inspector", "Inspector", "Ctrl+Shift+B", "Show or hide the inspector."),
        is_toggle=True,
    ),
    _block(
        "Help", _WINDOW,
        ("help.palette", "Find anything …", "Ctrl+K", "Find a command, a document or an actor by name."),
        ("help.keys", "Keys", "F1", "Show all keys."),
        ("keys.change", "Change keys …", "Ctrl+F1", "Give commands other keys."),
        ("help.about", "About Sayso", "", "Tell what this program is, and its version."),
    ),
)
# fmt: on

#: Blocks that are too long to stand in a menu, by their first command: what their submenus are called.
SUBMENUS: Mapping[str, str] = {
    "cursor.left.word": "Cursor",
    "select.left.word": "Selection",
    "end.left.word": "Ends of the focused span",
}

COMMANDS: tuple[Command, ...] = tuple(command for block in BLOCKS for command in block)
COMMAND_BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

#: The groups, in the order of the menus and of the key sheet.
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(command.group for command in COMMANDS))


def default_keys() -> dict[str, tuple[str, ...]]:
    """Return the keys of every command as the program comes."""
    return {command.id: command.keys for command in COMMANDS}


def native_keys(keys: Iterable[str]) -> list[str]:
    """Return keys as this desktop writes them; the keypad's Enter is left out, it is Enter to people."""
    names = (QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
    return [name.replace("Return", "Enter") for name in dict.fromkeys(names) if "Enter" not in name]


def key_conflicts(keys: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """Return (key, command id, other command id) wherever two commands would answer to one key.

    Scopes do not keep them apart: the window's keys work in the view as well.
    """
    owners: dict[str, str] = {}
    conflicts = []
    for ident, sequences in keys.items():
        for key in sequences:
            portable = QKeySequence(key).toString()
            owner = owners.setdefault(portable, ident)
            if owner != ident:
                conflicts.append((portable, owner, ident))
    return conflicts
