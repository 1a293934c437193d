"""What each command of the table does, by its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

from gui.theme import ThemeChoice

if TYPE_CHECKING:
    from gui.document.resize import Edge, Unit
    from gui.main_window import MainWindow

Handlers = Mapping[str, Callable[[], object]]


def handlers_of(window: MainWindow) -> Handlers:
    """Return the handlers of all commands that this window has."""
    return {
        **_project(window),
        **_decide(window),
        **_label(window),
        **_move(window),
        **_view(window),
    }


def _project(window: MainWindow) -> Handlers:
    flows = window.flows
    return {
        "project.new": flows.new,
        "project.open": flows.open,
        "project.sample": flows.open_sample,
        "project.recent": lambda: flows.choose_recent(window.top.geometry()),
        "import.files": window.transfer.import_files,
        "import.folder": window.transfer.import_folder,
        "import.choose": window.transfer.import_with_choices,
        "project.export": window.transfer.export,
        "project.backups": window.care.show_backups,
        "project.check": window.care.check,
        "project.passphrase": window.care.change_passphrase,
        "project.close": flows.close,
        "document.describe": window.document_flows.describe,
        "document.remove": window.document_flows.remove,
        "text.repeats": window.excluding.open_repeats,
        "project.quit": lambda: window.window().close(),
        "edit.undo": window.labeller.undo,
        "edit.redo": window.labeller.redo,
        "suggest.document": window.suggest_document,
        "suggest.project": window.suggest_project,
        "suggestion.scores": lambda: window.side.show_scores(window.labeller.threshold),
        "suggest.blocked": window.side.show_blocked,
        "suggest.memory": lambda: window.suggesting.memory.switch(
            is_on=window.actions_by_id["suggest.memory"].isChecked()
        ),
        "suggest.pause": window.pause_suggesting,
        "codebook.show": window.side.show_codebook,
        "codebook.import": window.side.import_codebook,
        "codebook.export": window.side.export_codebook,
        "claims.show": window.claims.toggle,
        "registry.show": window.side.show_actors,
        "registry.unlinked": window.side.show_unlinked,
        "keys.change": window.help.change_keys,
        "help.palette": window.help.show_palette,
        "help.keys": window.help.show_keys,
        "help.about": window.help.show_about,
    }


def _decide(window: MainWindow) -> Handlers:
    labeller = window.labeller
    return {
        "edit.copy": window.view.copy,
        "suggestion.next": labeller.next_suggestion,
        "suggestion.previous": labeller.previous_suggestion,
        "span.accept": labeller.accept,
        "span.reject": labeller.reject,
        "span.delete": labeller.delete,
        "span.equal": window.side.open_equal,
        "span.never": window.side.never_suggest,
        "suggestion.fewer": labeller.threshold.raise_by_a_step,
        "suggestion.more": labeller.threshold.lower_by_a_step,
        "suggestion.all": labeller.threshold.clear,
        "sentence.accept": labeller.accept_sentence,
        "sentence.reject": labeller.reject_sentence,
        "sentence.reviewed": labeller.toggle_sentence_reviewed,
        "document.reviewed": labeller.review_document,
        "text.exclude": window.excluding.toggle,
        "text.exclude.everywhere": window.excluding.open_same,
    }


def _label(window: MainWindow) -> Handlers:
    labeller = window.labeller
    digits: dict[str, Callable[[], object]] = {
        f"label.{digit}": partial(labeller.apply_key, str(digit)) for digit in range(1, 10)
    }
    return digits | {
        "label.choose": lambda: window.label_chooser.choose(window.workspace.session),
        "link.speaker": lambda: window.chooser.choose_link("speaker"),
        "link.target": lambda: window.chooser.choose_link("target"),
        "mention.actor": window.chooser.choose_actor,
        "fragment.add": labeller.add_fragment,
        "fragment.remove": labeller.remove_fragment,
        "span.fields": lambda: window.edit_card(window.inspector.focus_fields),
        "span.note": lambda: window.edit_card(window.inspector.focus_note),
        "span.discuss": labeller.toggle_flag,
        "discuss.next": window.document_flows.next_flagged,
    }


def _move(window: MainWindow) -> Handlers:
    view, labeller = window.view, window.labeller
    moves: dict[str, Callable[[], object]] = {
        "span.cycle": view.cycle_overlapping,
        "focus.clear": window.let_go,
        "document.next": lambda: window.workspace.next_document(1),
        "document.previous": lambda: window.workspace.next_document(-1),
        "pane.next": lambda: window.next_pane(1),
        "pane.previous": lambda: window.next_pane(-1),
    }
    for verb, is_selecting in (("cursor", False), ("select", True)):
        for side, step in (("left", -1), ("right", 1)):
            moves[f"{verb}.{side}.word"] = partial(view.move_word, step, select=is_selecting)
            moves[f"{verb}.{side}.character"] = partial(view.move_char, step, select=is_selecting)
            moves[f"{verb}.{side}.phrase"] = partial(view.move_phrase, step, select=is_selecting)
        for side, step in (("up", -1), ("down", 1)):
            moves[f"{verb}.{side}"] = partial(view.move_line, step, select=is_selecting)
            moves[f"{verb}.{side}.page"] = partial(view.move_page, step, select=is_selecting)
            moves[f"{verb}.{side}.sentence"] = partial(view.move_sentence, step, select=is_selecting)
            moves[f"{verb}.{side}.text"] = partial(view.move_text_edge, to_end=step > 0, select=is_selecting)
    edges: tuple[Edge, ...] = ("end", "start")
    units: dict[str, Unit] = {"word": "word", "character": "char", "phrase": "phrase"}
    for edge, (side, step), (name, unit) in product(edges, (("left", -1), ("right", 1)), units.items()):
        moves[f"{edge}.{side}.{name}"] = partial(labeller.move_edge, edge, step, unit)
    return moves


def _view(window: MainWindow) -> Handlers:
    view = window.view
    return {
        "find.document": window.finding.open,
        "find.project": window.side.open_search,
        "find.next": window.finding.go_next,
        "find.previous": window.finding.go_previous,
        "zoom.in": view.zoom_in,
        "zoom.out": view.zoom_out,
        "zoom.reset": view.zoom_reset,
        "font.serif": lambda: window.looks.set_font("serif"),
        "font.sans": lambda: window.looks.set_font("sans"),
        "theme.light": lambda: window.looks.set_theme(ThemeChoice.LIGHT),
        "theme.dark": lambda: window.looks.set_theme(ThemeChoice.DARK),
        "theme.system": lambda: window.looks.set_theme(ThemeChoice.SYSTEM),
        "spans.rejected": window.looks.toggle_rejected,
        "spans.flagged": window.looks.toggle_flagged,
        "panel.documents": window.looks.toggle_left,
        "panel.inspector": window.looks.toggle_right,
    }
