"""Places that cannot be trusted with a project are known by the system's tables and by names."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

import pytest

from storage import places
from storage.places import is_remote, risk_of, synchroniser_of

_MOUNTS = [
    ("/", "ext4"),
    ("/mnt/share", "cifs"),
    ("/mnt/share/local", "btrfs"),
    ("/home/mira/far", "fuse.sshfs"),
    ("/home/mira/vault", "fuse.gocryptfs"),
    ("/net", "autofs"),
    ("/net", "nfs4"),
]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/mira/desk.sayso", "ext4"),
        ("/mnt/share/desk.sayso", "cifs"),
        ("/mnt/shared/desk.sayso", "ext4"),
        ("/mnt/share/local/desk.sayso", "btrfs"),
        ("/net/desk/desk.sayso", "nfs4"),
        ("/home/mira/far/a/desk.sayso", "fuse.sshfs"),
    ],
)
def test_the_longest_mount_says_what_a_path_lies_on(path, kind) -> None:
    assert places._type_at(PurePosixPath(path), iter(_MOUNTS)) == kind


@pytest.mark.parametrize(
    ("path", "is_far"),
    [
        ("/mnt/share/desk.sayso", True),
        ("/home/mira/far/desk.sayso", True),
        ("/home/mira/vault/desk.sayso", False),
        ("/home/mira/desk.sayso", False),
    ],
)
def test_network_drives_are_known(monkeypatch, path, is_far) -> None:
    monkeypatch.setattr(places, "_linux_mounts", lambda: iter(_MOUNTS))
    monkeypatch.setattr(places, "_bsd_mounts", lambda: iter(_MOUNTS))
    monkeypatch.setattr(sys, "platform", "linux")
    assert is_remote(Path(path)) is is_far
    assert ("network drive" in risk_of(Path(path))) is is_far


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the table of this system")
def test_the_table_of_this_machine_is_read(tmp_path) -> None:
    mounts = list(places._linux_mounts())
    assert ("/", "") not in mounts
    assert any(folder == "/" for folder, _kind in mounts)
    assert is_remote(tmp_path / "desk.sayso") is False


def test_blanks_and_letters_in_mounts_are_read(monkeypatch) -> None:
    line = "//desk/share /mnt/Größe\\040zwei cifs rw 0 0\nnonsense\n".encode()
    monkeypatch.setattr(Path, "read_bytes", lambda _path: line)
    assert list(places._linux_mounts()) == [("/mnt/Größe zwei", "cifs")]


def test_the_words_of_mount_on_other_systems_are_read(monkeypatch) -> None:
    told = "/dev/disk1s1 on / (apfs, local)\n//mira@desk/share on /Volumes/the share (smbfs, nodev)\n"
    monkeypatch.setattr(places.subprocess, "run", lambda *_args, **_more: type("Done", (), {"stdout": told}))
    assert list(places._bsd_mounts()) == [("/", "apfs"), ("/Volumes/the share", "smbfs")]


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("Dropbox/work", "Dropbox"),
        ("Dropbox (Straits Desk)", "Dropbox"),
        ("OneDrive - Straits Desk/a/b", "OneDrive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud"),
        ("Google Drive/My Drive", "Google Drive"),
        ("Nextcloud", "Nextcloud"),
        ("work", ""),
        ("work on dropbox", ""),
    ],
)
def test_folders_of_services_that_synchronise_are_known_by_name(tmp_path, folder, service) -> None:
    assert synchroniser_of(tmp_path / folder / "desk.sayso") == service


@pytest.mark.parametrize(("marker", "service"), [(".stfolder", "Syncthing"), (".owncloudsync.log", "Nextcloud")])
def test_they_are_known_by_what_they_leave_above(tmp_path, marker, service) -> None:
    (tmp_path / marker).mkdir()
    path = tmp_path / "a" / "b" / "desk.sayso"
    assert synchroniser_of(path) == service
    assert f"that {service} synchronises" in risk_of(path)


def test_an_ordinary_folder_is_no_risk(tmp_path) -> None:
    assert risk_of(tmp_path / "desk.sayso") == ""
