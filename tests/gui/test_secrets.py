"""Nothing of a document gets into the log, whatever fails: not its words, not its title, not a note, not an actor."""

from __future__ import annotations

import logging
import sqlite3

import pytest
from faulty import FAULTS, FaultyDriver

from gui.dialogs.message import MessageDialog
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations.actors import create_actor
from storage.project import Project
from storage.queries import document_content, document_items

MARK = "Zwylthram"
TEXT = f"{MARK} said that Orsk would pay. {MARK} denied it."


@pytest.fixture
def driver(monkeypatch) -> FaultyDriver:
    return FaultyDriver(monkeypatch)


@pytest.fixture
def secret(driver, make_desk, tmp_path):
    path = tmp_path / "desk.sayso"
    with Project.create(path) as project:
        with Importer(project) as importer:
            documents = [ExchangeDocument(title=f"{MARK} {n}", text=f"{n} {TEXT}", source=MARK) for n in range(3)]
            importer.add_file(MARK, documents)
            importer.publish()
        create_actor(project, MARK, aliases=(f"{MARK} II",))
    desk = make_desk()
    desk.open(path)
    return desk


@pytest.fixture
def logged(caplog):
    """Return all that a log could hold, as it would be written."""
    caplog.set_level(logging.DEBUG)
    formatter = logging.Formatter("%(message)s")
    return lambda: "\n".join(formatter.format(record) for record in caplog.records)


def _close_all(desk) -> None:
    for dialog in desk.dialogs():
        dialog.close()
    desk.settle()


def test_refused_writes_and_readings_name_nothing(secret, driver, logged):
    desk = secret
    for number in (1, 5, 9, 12, 14):
        for fault in FAULTS:
            with driver.failing(number, fault):
                desk.select(MARK)
                desk.press("1")
                desk.press("N")
                desk.type(MARK)
                desk.press("Esc")
                desk.press("Ctrl+PgDown")
            _close_all(desk)
            desk.view.setFocus()

    assert "refused" in logged()
    assert MARK not in logged()


def test_a_damaged_document_names_nothing(secret, logged):
    desk = secret
    desk.select(MARK)
    desk.press("1")
    connection = sqlite3.connect(desk.project.path)
    connection.execute("UPDATE span SET quote = ? WHERE id = 1", (f"{MARK} once more",))
    connection.execute("UPDATE document_text SET text = ? WHERE document_id = 2", (MARK,))
    connection.commit()
    connection.close()
    desk.press("Ctrl+PgDown")
    desk.press("Ctrl+PgUp")
    told = [dialog.sentence.text() for dialog in desk.dialogs(MessageDialog)]
    _close_all(desk)

    assert any(MARK in sentence for sentence in told)  # the analyst is told which document; the log is not
    assert MARK not in logged()


def test_a_bug_in_the_midst_of_a_document_names_nothing(secret, logged, monkeypatch, qtbot):
    desk = secret
    tell = desk.window.labeller.told

    def fail(*_arguments, **_named):
        raise ValueError(f"what about {document_content(desk.project, 1).text}?")

    monkeypatch.setattr("storage.importing.import_paths", fail)
    desk.window.transfer.import_paths([desk.project.path.parent])
    qtbot.waitUntil(lambda: not desk.window.transfer.is_busy)
    told = [dialog.sentence.text() for dialog in desk.dialogs(MessageDialog)]
    _close_all(desk)

    assert tell is not None
    assert "ValueError" in "".join(told)
    assert "ValueError" in logged()
    assert MARK not in logged() + "".join(told)


def test_a_refused_file_names_nothing(secret, logged, qtbot, tmp_path):
    desk = secret
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / f"{MARK}.jsonl").write_text(f'{{"text": "{MARK}", "spans": 7}}\n{MARK}', encoding="utf-8")
    (folder / f"{MARK}.txt").write_bytes(f"\x00\x01{MARK}\x00".encode("utf-16"))
    desk.window.transfer.import_paths([folder])
    qtbot.waitUntil(lambda: not desk.window.transfer.is_busy)
    _close_all(desk)

    assert len(document_items(desk.project)) >= 3
    assert MARK not in logged()
