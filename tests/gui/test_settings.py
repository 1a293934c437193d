"""Settings survive, and damaged ones count as absent."""

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from gui.settings import Settings


@pytest.fixture
def settings(qapp, home):
    return Settings()


def test_words_numbers_and_bytes_come_back(settings):
    settings.store("theme", "dark")
    settings.store("zoom", 125)
    settings.store("geometry", QByteArray(b"\x00\x01\xff"))
    settings.save()
    again = Settings()

    assert (again.text("theme"), again.number("zoom", 100)) == ("dark", 125)
    assert again.data("geometry") == QByteArray(b"\x00\x01\xff")


def test_what_is_not_there_has_its_default(settings):
    assert settings.text("theme", "light") == "light"
    assert settings.number("zoom", 100) == 100
    assert settings.data("geometry").isEmpty()


def test_a_number_that_is_none_counts_as_absent(settings):
    settings.store("zoom", "large")

    assert settings.number("zoom", 100) == 100


@pytest.mark.parametrize("damaged", ["", "{", "7", "[1]", '[["a"]]', "null", '[["a", "b", "c"]]', "[[7, 8]]"])
def test_a_damaged_list_of_recent_projects_is_empty(settings, damaged):
    settings.store("recent", damaged)

    assert settings.recent() == []


def test_recent_projects_come_newest_first_each_once(settings):
    for name in ("a", "b", "a"):
        settings.note_opened(Path(f"/projects/{name} — 东岸.sayso"))

    assert [entry.path.name for entry in settings.recent()] == ["a — 东岸.sayso", "b — 东岸.sayso"]


def test_only_the_latest_are_kept(settings):
    for n in range(30):
        settings.note_opened(Path(f"/projects/{n}.sayso"))

    assert [entry.path.stem for entry in settings.recent()] == [str(n) for n in range(29, 17, -1)]


def test_a_project_can_be_forgotten(settings):
    settings.note_opened(Path("/projects/a.sayso"))
    settings.note_opened(Path("/projects/b.sayso"))
    settings.forget(Path("/projects/a.sayso"))

    assert [entry.path.stem for entry in settings.recent()] == ["b"]


def test_a_settings_file_that_cannot_be_written_harms_nothing(settings, home):
    folder = home / "config"
    folder.rmdir()
    folder.write_text("in the way")
    settings.store("theme", "dark")
    settings.save()

    assert settings.text("theme") == "dark"
