"""What strangers wrote is shown as typed wherever it is shown: no tag is obeyed, no name turns a sentence round."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QMenu,
    QMessageBox,
    QTextEdit,
    QToolButton,
    QWidget,
)

from gui.dialogs.message import problem_dialog
from gui.panels.documents_model import DocumentOrder
from gui.widgets.text import harmless, on_one_line
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.importing import Importer
from storage.operations import actors, codebook, spans
from storage.project import Project
from storage.queries import codebook as read_codebook
from storage.queries import document_content, document_items
from storage.records import FieldRecord, FieldType, Fragment, LabelKind, LabelRecord

TAG = "<img src=x><b>bold</b> &amp;"
TURNED = "invoice\u202efdp.exe\u2066"
HOSTILE = f"{TAG} {TURNED}"
TEXT = f"{TAG} said that {TAG} pays. Orsk denied it.\n\n{TURNED} answers."


def _fragments(words, text=TEXT, after=0):
    start = text.index(words, after)
    return (Fragment(start, start + len(words)),)


def _make(path):
    kinds = {"1": LabelKind.ACTOR, "2": LabelKind.CLAIM, "3": LabelKind.CUE}
    found = (
        ExchangeSpan("1", kinds["1"], f"Actor {HOSTILE}", _fragments(TAG), actor=HOSTILE, note=HOSTILE),
        ExchangeSpan("2", kinds["2"], f"Claim {HOSTILE}", _fragments(f"{TAG} pays"), fields={f"Field {TAG}": HOSTILE}),
        ExchangeSpan("3", kinds["3"], f"Cue {HOSTILE}", _fragments("said"), suggester=HOSTILE, reason=HOSTILE),
    )
    links = (ExchangeLink("1", "speaker", "2", "1"), ExchangeLink("2", "cue", "2", "3"))
    meta = {"file": HOSTILE}
    document = ExchangeDocument(
        title=HOSTILE, text=TEXT, source=HOSTILE, language="en", spans=found, links=links, meta=meta
    )
    with Project.create(path) as project:
        with Importer(project) as importer:
            importer.add_file(HOSTILE, [document, ExchangeDocument(title=f"{HOSTILE} 2", text=f"Second {TEXT}")])
            importer.publish()
        record = LabelRecord(0, LabelKind.ACTOR, f"New {HOSTILE}", definition=HOSTILE, examples=HOSTILE, key="9")
        codebook.add_label(project, record)
        codebook.add_field(project, FieldRecord(0, HOSTILE, LabelKind.ACTOR, FieldType.TEXT, definition=HOSTILE))
        other = document_items(project)[1].document.id
        label = read_codebook(project).labels[0].id
        spans.draw(project, other, label, _fragments(TAG, f"Second {TEXT}"))
        actors.create_actor(project, f"{HOSTILE} too", aliases=(TAG, HOSTILE), label_id=label)
        assert document_content(project, other).spans


@pytest.fixture
def hostile(make_desk, tmp_path):
    folder = tmp_path / "<b>folder"
    folder.mkdir()
    path = folder / f"desk <img src=x> {TURNED}.sayso"
    _make(path)
    desk = make_desk()
    desk.open(path)
    return desk


def _is_rich(text: str) -> bool:
    return re.search("<[a-zA-Z/!]", text) is not None


def _check_label(label: QLabel) -> str | None:
    is_plain = label.textFormat() == Qt.TextFormat.PlainText
    return None if is_plain or not _is_rich(label.text()) else f"label {label.text()!r}"


def _check_tip(where: str, tip: str) -> str | None:
    """A tip is plain, or the escaped paragraph that our own helper makes."""
    if _is_rich(tip) and re.sub(r"</?(qt|p|br)( style=\"white-space:pre-wrap\")?/?>", "", tip).find("<") >= 0:
        return f"tip of {where}: {tip!r}"
    return _check_order(where, tip)


def _check_order(where: str, text: str) -> str | None:
    return f"{where} turns words round: {text!r}" if text != harmless(text) else None


def _wrongs(desk) -> list[str]:
    desk.settle()
    found: list[str | None] = []
    for top in desk.app.topLevelWidgets():
        if not top.isVisible():
            continue
        found.append(_check_order("title", top.windowTitle()))
        for widget in [top, *top.findChildren(QWidget)]:
            name = type(widget).__name__
            found.append(_check_tip(name, widget.toolTip()))
            if isinstance(widget, QLabel):
                found += [_check_label(widget), _check_order(name, widget.text())]
            if isinstance(widget, QTextEdit | QMessageBox):
                found.append(f"{name} shows rich text")
            if isinstance(widget, QAbstractButton):
                found.append(_check_order(name, widget.text()))
            if isinstance(widget, QAbstractItemView) and widget.model() is not None:
                found += _check_model(name, widget.model())
        found += [_check_tip("action", action.toolTip()) for action in top.findChildren(QAction) if _has_tip(action)]
    return [wrong for wrong in found if wrong]


def _has_tip(action: QAction) -> bool:
    """Whether the tip of an action is ever shown; menus show none unless told to."""
    return any(not isinstance(shown, QMenu) or shown.toolTipsVisible() for shown in action.associatedObjects())


def _check_model(name: str, model: QAbstractItemModel) -> list[str | None]:
    # A list model tells nobody how many columns it has: no view here has more than four.
    indexes = [model.index(row, column) for row in range(model.rowCount(QModelIndex())) for column in range(4)]
    tips = [model.data(index, Qt.ItemDataRole.ToolTipRole) for index in indexes if index.isValid()]
    return [_check_tip(name, tip) for tip in tips if isinstance(tip, str)]


def test_panels_show_what_strangers_wrote_as_typed(hostile):
    desk = hostile
    seen = _wrongs(desk)
    for keys in (
        ("Tab",),
        ("Tab",),
        ("Ctrl+Shift+A",),
        ("Ctrl+Shift+L",),
        ("Ctrl+Shift+F",),
        ("Esc", "F6", "E"),
    ):
        desk.press(*keys)
        seen += _wrongs(desk)
    desk.window.side.show_actors()
    desk.window.documents.set_order(DocumentOrder.TITLE)
    for span in list(desk.view.page.index.spans.values()):
        desk.view.focus_span(span.id)
        desk.window.workspace.inspect_now()
        seen += _wrongs(desk)
    assert seen == []
    assert TAG in desk.window.inspector.note.toPlainText() or TAG in desk.text


def test_dialogs_and_lists_that_open_show_it_as_typed(hostile):
    desk = hostile
    seen: list[str] = []
    claim = next(span for span in desk.view.page.index.spans.values() if span.quote.endswith("pays"))
    for keys in (("S",), ("Esc", "T"), ("Esc", "Ctrl+K"), ("Esc", "F1"), ("Ctrl+D",), ("Ctrl+E",)):
        desk.view.setFocus()
        desk.view.focus_span(claim.id)
        desk.press(*keys)
        seen += _wrongs(desk)
        for dialog in desk.dialogs():
            dialog.close()
        desk.settle()
    problem_dialog(desk.window, f"“{HOSTILE}” was moved; nothing was changed.").open()
    seen += _wrongs(desk)
    for dialog in desk.dialogs():
        dialog.close()
    desk.window.status.show_message(f"Undone: “{HOSTILE}”.")
    desk.window.status.show_unsaved(HOSTILE)
    seen += _wrongs(desk)

    assert seen == []


def test_refusals_that_quote_a_file_name_show_it_as_typed(hostile, tmp_path):
    path = tmp_path / f"{TURNED}<b>.sayso"
    path.write_text("no project")
    hostile.window.flows.open_path(path)
    (dialog,) = hostile.dialogs()

    assert _wrongs(hostile) == []
    assert "invoicefdp.exe<b>" in dialog.sentence.text()


def test_the_walk_finds_what_it_is_to_find(hostile, qtbot):
    label = QLabel(TAG, hostile.window)
    label.setToolTip("<b>x</b>")
    label.show()
    button = QToolButton(hostile.window)
    button.setText(TURNED)
    button.show()

    assert len(_wrongs(hostile)) == 3


def test_harmless_names_keep_everything_else():
    name = "東岸 \u200fé <b>\u200d"
    assert harmless(name) == name
    assert on_one_line(f" a \n {TURNED} ") == "a invoicefdp.exe"
