"""Projects opened, refused and left; files brought in and written, and what is told when that fails."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from reportlab.pdfgen import canvas

from gui.dialogs.export import ExportChoice, ExportDialog
from gui.dialogs.importing import ImportReportDialog
from gui.dialogs.message import MessageDialog, OpenElsewhereDialog
from gui.dialogs.new_project import NewProjectDialog
from gui.project_flows import is_there
from storage.project import Project
from storage.records import State

ROOT = Path(__file__).parents[2]


@pytest.fixture
def elsewhere(briefs, tmp_path):
    """A project that another process has open."""
    path = tmp_path / "elsewhere.sayso"
    shutil.copyfile(briefs, path)
    code = (
        "import sys; from pathlib import Path; from storage.project import Project; "
        "p = Project.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read(); p.close()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, path], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout.readline().strip() == b"open"
    yield path, holder
    holder.communicate()


def _not_ours(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()


def _newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 9999")
    connection.commit()
    connection.close()


_SPOILT = {
    "not ours": (_not_ours, "database of another program"),
    "a text": (lambda path: path.write_text("Velmar"), "is not a Sayso project"),
    "newer": (_newer, "newer version of Sayso"),
    "truncated": (lambda path: os.truncate(path, path.stat().st_size // 2), "its end is missing"),
    "read-only": (lambda path: path.chmod(0o400), "is read-only"),
    "a folder": (lambda path: path.mkdir(), "not a Sayso project but a folder"),
    "missing": (lambda path: None, "There is no project at"),
}


@pytest.mark.parametrize("kind", _SPOILT)
def test_refused_project_is_told_in_one_dialog_and_the_present_one_stays_open(
    desk, briefs, tmp_path, monkeypatch, kind
):
    spoil, sentence = _SPOILT[kind]
    path = tmp_path / "spoilt.sayso"
    if kind in {"newer", "truncated", "read-only"}:
        shutil.copyfile(briefs, path)
    spoil(path)
    if kind == "read-only":  # to root, who may run the tests, nothing is
        monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    present = desk.project.path

    assert not desk.window.flows.open_path(path)

    (dialog,) = desk.dialogs(MessageDialog)
    assert sentence in dialog.sentence.text()
    desk.press("Return")
    assert desk.dialogs() == []
    assert desk.project.path == present
    desk.press("Tab", "Return")
    assert desk.state("Velmar") == "confirmed"
    assert [entry.path for entry in desk.settings.recent()] == [present]


def test_project_open_in_another_process_names_who_and_can_be_tried_again(desk, elsewhere):
    path, holder = elsewhere
    desk.window.flows.open_path(path)
    (dialog,) = desk.dialogs(OpenElsewhereDialog)
    assert f"process {holder.pid}" in dialog.sentence.text()
    assert desk.project.path != path

    holder.communicate()
    desk.press("Return")

    assert desk.project.path == path


def test_project_open_elsewhere_leads_to_another_one(empty_desk, elsewhere, make_project):
    path, _holder = elsewhere
    empty_desk.files.project = make_project()
    empty_desk.window.flows.open_path(path)
    (dialog,) = empty_desk.dialogs(OpenElsewhereDialog)
    dialog.other.click()
    empty_desk.settle()

    assert empty_desk.project.path == empty_desk.files.project


def test_opening_the_open_project_again_changes_nothing(desk, tmp_path):
    session = desk.window.flows.session
    link = tmp_path / "link.sayso"
    link.symlink_to(session.project.path)

    assert desk.window.flows.open_path(link)
    assert desk.window.flows.session is session


def test_new_project_is_made_where_asked(empty_desk, tmp_path):
    empty_desk.press("Ctrl+N")
    (dialog,) = empty_desk.dialogs(NewProjectDialog)
    dialog.path.setText(str(tmp_path / "fresh"))
    QTest.keyClick(dialog.path, Qt.Key.Key_Return)

    assert empty_desk.project.path == tmp_path / "fresh.sayso"
    assert empty_desk.window.empty.isVisible()


def test_the_hidden_folder_of_the_sample_is_proposed_for_no_project(empty_desk, home):
    empty_desk.window.flows.open_sample()
    empty_desk.settle()
    empty_desk.press("Ctrl+N")
    (dialog,) = empty_desk.dialogs(NewProjectDialog)

    assert dialog.path.text() == str(home / "project.sayso")


def test_the_next_import_begins_where_the_last_one_was(desk, home, tmp_path):
    (tmp_path / "texts").mkdir()
    desk.files.files = [tmp_path / "texts" / "gone.txt"]
    import_files, import_folder = (desk.window.actions_by_id[f"import.{what}"] for what in ("files", "folder"))
    import_files.trigger()
    desk.files.files = []
    import_files.trigger()  # not by key: what the first one tells may have the keyboard by now
    import_folder.trigger()

    assert desk.files.began_in == [home, tmp_path / "texts", tmp_path / "texts"]


def test_new_project_over_an_existing_file_is_refused(desk):
    path = desk.project.path
    desk.window.flows.close()
    desk.window.flows.create(path)
    (dialog,) = desk.dialogs(MessageDialog)

    assert "exists already" in dialog.sentence.text()


def test_cancelled_questions_change_nothing(desk):
    session = desk.window.flows.session
    desk.press("Ctrl+O", "Ctrl+I", "Ctrl+Shift+I")

    assert desk.files.asked == ["open_project", "import_files", "import_folder"]
    assert desk.window.flows.session is session
    assert desk.dialogs() == []


def test_projects_opened_lately_are_offered_the_last_one_first(make_desk, make_project):
    desk = make_desk()
    desk.open(make_project("first"))
    desk.open(make_project("second"))
    desk.press("Ctrl+W")
    welcome = desk.window.welcome
    assert [button.accessibleName() for button in welcome.recent] == ["second", "first"]

    desk.press("Tab", "Return")
    assert desk.project.name == "first"


def test_recent_projects_are_picked_by_key(make_desk, make_project):
    desk = make_desk()
    desk.open(make_project("first"))
    desk.open(make_project("second"))
    desk.press("Ctrl+Shift+O")
    desk.type("first")
    desk.press("Return")

    assert desk.project.name == "first"


def test_project_that_has_gone_is_shown_but_cannot_be_chosen(make_desk, make_project):
    desk = make_desk()
    path = make_project("first")
    desk.open(path)
    desk.press("Ctrl+W")
    path.unlink()
    desk.window.welcome.set_recent(desk.window.flows.recent())

    assert not desk.window.welcome.recent[0].isEnabled()


def test_a_folder_that_may_not_be_looked_into_counts_as_not_there(monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)

    assert not is_there(Path("/closed/a.sayso"))


def test_sample_is_made_once_and_keeps_what_was_decided(empty_desk):
    empty_desk.press("Return")
    assert empty_desk.window.documents.model.total == 4
    assert empty_desk.view.page.next_undecided(backwards=False) is not None
    empty_desk.press("Tab", "Return")
    decided = empty_desk.content()
    empty_desk.press("Ctrl+W")
    empty_desk.window.flows.open_sample()
    empty_desk.settle()

    assert empty_desk.content() == decided


def test_sample_without_a_place_to_go_is_told_in_a_sentence(empty_desk, home):
    (home / "data").rmdir()
    (home / "data").write_text("in the way")
    empty_desk.window.flows.open_sample()
    (dialog,) = empty_desk.dialogs(MessageDialog)

    assert "The sample cannot be made" in dialog.sentence.text()


def test_sample_that_is_open_is_not_opened_again_by_a_linked_home(empty_desk, home, monkeypatch):
    empty_desk.press("Return")
    session = empty_desk.window.flows.session
    (home / "link").symlink_to(home / "data")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "link"))
    empty_desk.window.flows.open_sample()

    assert empty_desk.dialogs() == []
    assert empty_desk.window.flows.session is session


# -- import --------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "reports"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("Velmar said that Orsk pays.", encoding="utf-8")
    (folder / "deep" / "b.md").write_text("Taval denies it.", encoding="utf-8")
    (folder / "c.txt").write_bytes(b"%PDF-1.7\n\x00\x01")
    (folder / "d.jsonl").write_text('{"text": "One."}\n{"text": \n', encoding="utf-8")
    return folder


def _wait(desk):
    desk.qtbot.waitUntil(lambda: not desk.window.transfer.is_busy)
    desk.settle()


def test_import_lists_what_did_not_come_in_and_why(desk, folder):
    desk.files.folder = folder
    desk.press("Ctrl+Shift+I")
    _wait(desk)

    (report,) = desk.dialogs(ImportReportDialog)
    assert "c.txt" in report.details.toPlainText()
    assert "line 2" in report.details.toPlainText()
    desk.press("Return")
    assert desk.window.documents.model.total == 5


def test_import_is_one_action_and_undone_as_one(desk, folder):
    desk.files.folder = folder
    desk.press("Ctrl+Shift+I")
    _wait(desk)
    desk.press("Return", "Ctrl+Z")
    assert desk.window.documents.model.total == 3

    desk.press("Ctrl+Shift+Z")
    assert desk.window.documents.model.total == 5


def test_suggestions_are_looked_for_again_when_an_import_is_brought_back(desk, folder, monkeypatch):
    asked = []
    monkeypatch.setattr(desk.window.worker, "suggest_all", lambda ids, *_args, **_options: asked.append(set(ids)))
    desk.files.folder = folder
    before = {item.document.id for item in desk.window.flows.session.items()}
    desk.press("Ctrl+Shift+I")
    _wait(desk)
    desk.press("Return", "Ctrl+Z")
    asked.clear()
    desk.press("Ctrl+Shift+Z")

    new = {item.document.id for item in desk.window.flows.session.items()} - before
    assert len(new) == 2
    assert asked == [new]


def test_undo_of_the_import_of_the_document_on_screen_shows_another(desk, folder):
    desk.files.files = [folder / "a.txt"]
    desk.press("Ctrl+I")
    _wait(desk)
    desk.press(*["Ctrl+PgDown"] * 3)
    assert desk.text == "Velmar said that Orsk pays."
    desk.press("Ctrl+Z")

    assert desk.title == "Harbour brief"
    assert desk.dialogs() == []


def test_the_same_text_is_not_imported_twice(desk, folder):
    desk.files.files = [folder / "a.txt"]
    desk.press("Ctrl+I")
    _wait(desk)
    desk.press("Ctrl+I")
    _wait(desk)

    (report,) = desk.dialogs(ImportReportDialog)
    assert "has this text already" in report.details.toPlainText()


def test_documents_of_other_programs_come_in_with_their_pages_and_scans_are_told(desk, tmp_path):
    made = canvas.Canvas(str(tmp_path / "a.pdf"))
    for words in ("Velmar said that Orsk pays.", "", "Taval denies it."):
        made.drawString(72, 700, words)
        made.rect(72, 100, 200, 200)
        made.showPage()
    made.save()
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("../out.txt", "evil")
        archive.writestr("page.html", "<p>Orsk <b>waits</b>.</p><script>evil()</script>")
    desk.files.folder = tmp_path
    desk.press("Ctrl+Shift+I")
    _wait(desk)

    (report,) = desk.dialogs(ImportReportDialog)
    assert "a.pdf, page 2" in report.details.toPlainText()
    assert "leads out of the archive" in report.details.toPlainText()
    desk.press("Return", *["Ctrl+PgDown"] * 3)
    assert desk.text == "Velmar said that Orsk pays.\n\nTaval denies it."
    stretches = desk.window.workspace.session.content(desk.window.workspace.document_id).stretches
    assert [stretch.value for stretch in stretches] == ["1", "3"]
    desk.press("Ctrl+PgDown")
    assert desk.text == "Orsk waits."


def test_stopped_import_adds_nothing(desk, tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    for n in range(400):
        (many / f"{n}.txt").write_text(f"Report {n} of Velmar.", encoding="utf-8")
    desk.files.folder = many
    desk.press("Ctrl+Shift+I")
    desk.window.status.cancel.click()
    _wait(desk)

    assert desk.window.documents.model.total == 3
    assert "stopped" in desk.message.lower()


def test_deciding_goes_on_during_an_import(desk, tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    for n in range(300):
        (many / f"{n}.txt").write_text(f"Report {n} of Velmar.", encoding="utf-8")
    desk.files.folder = many
    desk.press("Ctrl+Shift+I")
    desk.press("Tab", "Return")
    was_busy = desk.window.transfer.is_busy
    _wait(desk)

    assert was_busy
    assert desk.state("Velmar") == "confirmed"
    assert desk.window.documents.model.total == 303


def test_one_import_at_a_time(desk, folder, monkeypatch):
    gate = threading.Event()
    monkeypatch.setattr("gui.looking.needs_choice", lambda _paths, _proceed: not gate.wait(60))
    desk.files.folder = folder
    desk.press("Ctrl+Shift+I", "Ctrl+Shift+I")
    assert "One import or export at a time" in desk.message
    gate.set()
    _wait(desk)


def test_project_left_during_an_import_gets_nothing_of_it(desk, tmp_path, make_project):
    many = tmp_path / "many"
    many.mkdir()
    for n in range(300):
        (many / f"{n}.txt").write_text(f"Report {n} of Velmar.", encoding="utf-8")
    first = desk.project.path
    desk.files.folder = many
    desk.press("Ctrl+Shift+I")
    desk.qtbot.waitUntil(lambda: desk.window.status._work.full_text.startswith("importing"))
    desk.open(make_project("other"))

    assert desk.window.documents.model.total == 3
    assert not desk.window.transfer.is_busy
    assert desk.window.status._work.full_text == ""
    assert desk.message == "Stopped importing; nothing was left half done."
    with Project.open(first) as project:
        from storage.queries import document_items

        assert len(document_items(project)) == 3


# -- export --------------------------------------------------------------------------------------------------------


def test_export_dialog_writes_what_was_decided(desk):
    desk.press("Tab", "Return", "Ctrl+E")
    (dialog,) = desk.dialogs(ExportDialog)
    titles = [dialog.format.itemText(n) for n in range(dialog.format.count())]
    dialog.format.setCurrentIndex(next(n for n, title in enumerate(titles) if "JSON" in title))
    target = Path(dialog.path.text())
    desk.press("Return")
    _wait(desk)

    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [("text" in line, "project" in line) for line in lines] == [(True, True), (True, False), (True, False)]
    assert [s["quote"] for s in lines[0]["spans"] if s["state"] == "confirmed"] == ["Velmar"]
    assert desk.message == f"3 documents written to “{target.name}”."


def test_export_that_fails_is_told_and_leaves_no_file(desk, tmp_path):
    target = tmp_path / "missing" / "out.jsonl"
    desk.window.transfer.export_to(ExportChoice("jsonl", frozenset(State), target))
    _wait(desk)

    assert len(desk.dialogs(MessageDialog)) == 1
    assert not target.exists()


def test_stopped_export_leaves_no_file(desk, tmp_path):
    target = tmp_path / "out.jsonl"
    desk.window.transfer.export_to(ExportChoice("jsonl", frozenset(State), target))
    desk.window.transfer.cancel()
    _wait(desk)

    assert not target.exists() or len(target.read_text(encoding="utf-8").splitlines()) == 4
    assert desk.dialogs(QDialog) == []
