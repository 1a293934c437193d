"""An export appears whole or not at all."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.errors import StorageFullError
from storage.formats.atomic import atomic_bytes_writer, atomic_folder, atomic_writer
from storage.project import Project


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """Let the system refuse to write files beyond a size, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_content_is_there_exactly_when_the_block_has_ended(tmp_path: Path):
    path = tmp_path / "out.jsonl"

    with atomic_writer(path) as stream:
        stream.write("東岸\r\none\n")
        assert not path.exists()

    assert path.read_bytes() == "東岸\r\none\n".encode()
    assert names(tmp_path) == ["out.jsonl"]


def test_failure_leaves_the_former_file_and_nothing_else(tmp_path: Path):
    path = tmp_path / "out.jsonl"
    path.write_text("former")

    with pytest.raises(ZeroDivisionError), atomic_writer(path) as stream:
        stream.writelines(str(1 // number) for number in (1, 1, 0))

    assert path.read_text() == "former"
    assert names(tmp_path) == ["out.jsonl"]


def test_a_project_is_never_replaced_by_an_export_open_or_closed(tmp_path: Path):
    path = tmp_path / "desk.sayso"
    sentence = r"“desk.sayso” was not written: it is a project"
    with Project.create(path) as project:
        project.store_setting("place", 1)
        with pytest.raises(StorageFullError, match=sentence), atomic_writer(path) as stream:
            stream.write("lost")
        with pytest.raises(StorageFullError, match="it is a project"), atomic_writer(Path(f"{path}-wal")) as stream:
            stream.write("lost")
        project.store_setting("place", 2)

    with pytest.raises(StorageFullError, match=sentence), atomic_writer(path) as stream:
        stream.write("lost")

    with Project.open(path) as project:
        assert project.setting("place") == 2


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_full_disk_is_told_and_leaves_the_former_file(tmp_path: Path, size: int):
    path = tmp_path / "out.jsonl"
    path.write_text("former")

    with (
        pytest.raises(StorageFullError, match=r"“out.jsonl” was not written: the disk is full"),
        files_limited_to(size),
        atomic_writer(path) as stream,
    ):
        stream.write("x" * (3 * size))

    assert path.read_text() == "former"
    assert names(tmp_path) == ["out.jsonl"]


def test_failing_fsync_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(StorageFullError, match="input/output error"), atomic_writer(tmp_path / "out") as stream:
        stream.write("x")

    assert names(tmp_path) == []


def test_error_of_what_is_written_stays_what_it_is(tmp_path: Path):
    with pytest.raises(FileNotFoundError), atomic_writer(tmp_path / "out"):
        Path(tmp_path / "none").read_bytes()

    assert names(tmp_path) == []


def test_missing_folder_and_folder_in_place_of_the_file_are_told(tmp_path: Path):
    (tmp_path / "taken").mkdir()

    for path in (tmp_path / "none" / "out", tmp_path / "taken"):
        with pytest.raises(StorageFullError, match="choose another place"), atomic_writer(path):
            pytest.fail("the block must not run")

    assert names(tmp_path) == ["taken"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_device_or_pipe_is_not_replaced(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageFullError, match="it is a device and not a file"), atomic_writer(tmp_path / "pipe"):
        pass
    assert (tmp_path / "pipe").is_fifo()


def test_folder_without_permission_is_told(folder_of_a_plain_user: Path):
    folder_of_a_plain_user.joinpath("locked").mkdir()
    folder_of_a_plain_user.joinpath("locked").chmod(0o500)

    with (
        pytest.raises(StorageFullError, match="permission denied"),
        atomic_writer(folder_of_a_plain_user / "locked" / "out"),
    ):
        pytest.fail("the block must not run")


def test_permissions_of_the_former_file_stay_and_a_link_is_followed(tmp_path: Path):
    path = tmp_path / "real.jsonl"
    path.write_text("former")
    path.chmod(0o640)
    link = tmp_path / "link.jsonl"
    link.symlink_to(path)

    with atomic_writer(link) as stream:
        stream.write("new")

    assert link.is_symlink()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_folder_is_there_whole_when_the_block_has_ended(tmp_path: Path):
    path = tmp_path / "out"
    with atomic_folder(path) as folder:
        (folder / "sub").mkdir()
        (folder / "sub" / "a.txt").write_text("東岸")
        assert not path.exists()

    assert (path / "sub" / "a.txt").read_text() == "東岸"
    assert names(tmp_path) == ["out"]


def test_failure_leaves_no_folder(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), atomic_folder(tmp_path / "out") as folder:
        (folder / "a.txt").write_text(str(1 // 0))

    assert names(tmp_path) == []


def test_folder_may_be_there_empty_but_not_with_anything_in_it(tmp_path: Path):
    path = tmp_path / "out"
    path.mkdir()
    with atomic_folder(path) as folder:
        (folder / "a.txt").touch()
    with pytest.raises(StorageFullError, match=r"“out” was not written: the folder is there already and is not empty"):
        atomic_folder(path).__enter__()
    with pytest.raises(StorageFullError, match=r"“a\.txt” was not written: not a directory"):
        atomic_folder(path / "a.txt").__enter__()

    assert names(path) == ["a.txt"]


def test_disk_that_fills_up_leaves_no_folder(tmp_path: Path):
    with (
        files_limited_to(1000),
        pytest.raises(StorageFullError, match="the disk is full"),
        atomic_folder(tmp_path / "out") as folder,
    ):
        (folder / "a.txt").write_bytes(b"x" * 2000)

    assert names(tmp_path) == []


def test_bytes_are_written_as_they_come(tmp_path: Path):
    with atomic_bytes_writer(tmp_path / "out.bin") as stream:
        stream.write(b"..\xff")
        stream.seek(0)
        stream.write(b"\0\r")

    assert (tmp_path / "out.bin").read_bytes() == b"\0\r\xff"
