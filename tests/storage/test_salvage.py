"""What can be read of a damaged project is saved: from its tables, its change log, and the texts of its backups."""

from __future__ import annotations

import random

import pytest

from storage import queries
from storage.backup import back_up, backup_folder
from storage.doctor import check
from storage.errors import ProjectDamagedError, ProjectLockedError, ProjectOpenError
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import actors, links, spans
from storage.project import Project
from storage.records import Fragment
from storage.salvage import SalvageError, salvage
from storage.thinning import Reason

PAGE = 4_096


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A project of forty documents with two mentions and a claim each, and a backup of it."""
    path = tmp_path_factory.mktemp("model") / "model.sayso"
    with Project.create(path) as project:
        texts = [f"Orsk waits, document {n}. " + f"Velmar answers in words {n}. " * 40 for n in range(40)]
        with Importer(project) as importer:
            importer.add_file("t", [ExchangeDocument(title=f"Brief {n}", text=text) for n, text in enumerate(texts)])
            importer.publish()
        labels = {label.name: label.id for label in queries.codebook(project).labels}
        for item in queries.document_items(project):
            document_id = item.document.id
            (mention,) = spans.draw(project, document_id, labels["State"], [Fragment(0, 4)]).spans
            (claim,) = spans.draw(project, document_id, labels["Claim"], [Fragment(5, 10), Fragment(12, 20)]).spans
            links.connect(project, "target", claim, mention)
        actors.create_actor(project, "Orsk", aliases=("the East",), mention_ids=(mention,))
    back_up(path, Reason.OPEN)
    return path


@pytest.fixture
def broken(model, tmp_path):
    """A copy of the project to be damaged, without its backups."""
    path = tmp_path / "broken.sayso"
    path.write_bytes(model.read_bytes())
    return path


def _everything(path):
    with Project.open(path) as project:
        assert check(project) == []
        contents = [queries.document_content(project, item.document.id) for item in queries.document_items(project)]
        return [(c.document.title, c.text, c.spans, c.links) for c in contents], queries.actors(project)


def _overwrite(path, pages, fill=b"\xff") -> None:
    data = bytearray(path.read_bytes())
    for page in pages:
        data[page * PAGE : (page + 1) * PAGE] = fill * PAGE
    path.write_bytes(data)


def _pages_with(path, words: bytes) -> list[int]:
    data = path.read_bytes()
    return [n for n in range(1, len(data) // PAGE) if words in data[n * PAGE : (n + 1) * PAGE]]


def _with_backups(model, broken) -> None:
    backup_folder(broken).mkdir()
    for backup in backup_folder(model).iterdir():
        (backup_folder(broken) / backup.name).write_bytes(backup.read_bytes())


def test_a_sound_project_is_saved_whole(model, broken, tmp_path) -> None:
    before = broken.read_bytes()
    report = salvage(broken, tmp_path / "new.sayso")
    assert _everything(report.path) == _everything(model)
    assert sum(report.lost.values()) == 0
    assert "Saved 80 spans; lost 0." in report.lines()
    assert broken.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["broken.sayso", "new.sayso"]


@pytest.mark.parametrize(("lost_bytes", "fill"), [(100, b"\0"), (PAGE, b"\0"), (PAGE, b"\xff")])
def test_without_its_first_page_everything_is_saved(model, broken, tmp_path, lost_bytes, fill) -> None:
    data = bytearray(broken.read_bytes())
    data[:lost_bytes] = fill * lost_bytes
    broken.write_bytes(data)
    with pytest.raises(ProjectDamagedError, match="its beginning is lost"):
        Project.open(broken)
    report = salvage(broken, tmp_path / "new.sayso")
    assert _everything(report.path) == _everything(model)


def test_what_pages_lack_the_log_and_the_backups_have(model, broken, tmp_path) -> None:
    _with_backups(model, broken)
    _overwrite(broken, _pages_with(model, b"confirmedhuman") + _pages_with(model, b"Velmar answers in words 7."))
    report = salvage(broken, tmp_path / "new.sayso")
    assert _everything(report.path) == _everything(model)
    assert sum(report.lost.values()) == 0
    assert (report.from_log["span"], report.from_log["link"]) == (80, 40)
    assert report.texts_from_backups >= 1
    assert any("from the change log" in line for line in report.lines())


def test_without_backups_what_is_lost_is_counted_and_the_rest_is_sound(model, broken, tmp_path) -> None:
    _overwrite(broken, _pages_with(model, b"Velmar answers in words 7."))
    report = salvage(broken, tmp_path / "new.sayso")
    found, _ = _everything(report.path)
    assert 30 < len(found) < 40
    assert report.lost["document"] == 40 - len(found)
    assert report.lost["span"] == 2 * report.lost["document"]


def test_a_file_whose_end_is_missing_gives_what_is_left(model, broken, tmp_path) -> None:
    _with_backups(model, broken)
    data = broken.read_bytes()
    broken.write_bytes(data[: int(len(data) * 0.9)])
    with pytest.raises(ProjectOpenError, match="its end is missing"):
        Project.open(broken)
    report = salvage(broken, tmp_path / "new.sayso")
    found, _ = _everything(report.path)
    assert len(found) > 20
    assert any("begins anew" in line for line in report.lines())


def test_where_many_pages_are_torn_the_new_project_is_sound_all_the_same(model, broken, tmp_path) -> None:
    chance = random.Random(2)
    pages = broken.stat().st_size // PAGE
    for number in range(4):
        broken.write_bytes(model.read_bytes())
        _overwrite(broken, chance.sample(range(1, pages), pages // 5), fill=chance.randbytes(1))
        try:
            report = salvage(broken, tmp_path / f"new {number}.sayso")
        except SalvageError:
            continue
        found, _ = _everything(report.path)
        assert sum(report.lost.values()) > 0
        assert len(found) <= 40


def test_what_holds_nothing_makes_no_file(broken, tmp_path) -> None:
    broken.write_bytes(b"\0" * 8 * PAGE)
    with pytest.raises(SalvageError, match=r"Nothing of .* can be read"):
        salvage(broken, tmp_path / "new.sayso")
    assert [entry.name for entry in tmp_path.iterdir()] == ["broken.sayso"]


def test_an_open_project_and_an_existing_target_are_refused(broken, tmp_path) -> None:
    with Project.open(broken), pytest.raises(ProjectLockedError):
        salvage(broken, tmp_path / "new.sayso")
    (tmp_path / "new.sayso").write_text("mine", encoding="utf-8")
    with pytest.raises(ProjectOpenError, match="exists already"):
        salvage(broken, tmp_path / "new.sayso")
    assert (tmp_path / "new.sayso").read_text(encoding="utf-8") == "mine"
