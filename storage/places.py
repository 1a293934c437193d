"""Where a project lies: whether that place can be trusted with a database that is written to all day."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath

#: File systems that reach another machine, as Linux and macOS name them; those in user space by the part after "fuse.".
_REMOTE = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afpfs", "ncpfs", "9p", "afs", "ceph", "lustre", "beegfs"),
        *("glusterfs", "sshfs", "davfs", "davfs2", "webdav", "rclone", "s3fs", "curlftpfs", "gvfsd-fuse", "vboxsf"),
    )
)

#: Folders of services that synchronise, by how their names begin (case aside), and what people call them.
_FOLDERS = (
    ("dropbox", "Dropbox"),
    ("onedrive", "OneDrive"),
    ("icloud drive", "iCloud"),
    ("iclouddrive", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("megasync", "MEGA"),
    ("pclouddrive", "pCloud"),
    ("proton drive", "Proton Drive"),
)
#: What such services leave in the folders that they keep.
_MARKERS = (
    (".stfolder", "Syncthing"),
    (".dropbox.cache", "Dropbox"),
    (".dropbox", "Dropbox"),
    (".owncloudsync.log", "Nextcloud"),
    (".nextcloudsync.log", "Nextcloud"),
    (".tmp.driveupload", "Google Drive"),
    (".seafile-data", "Seafile"),
)
_DRIVE_REMOTE = 4


def risk_of(path: Path) -> str:
    """Return one sentence on what may go wrong with a project in this place, "" where nothing is known.

    Looks at names and tables of the system only, never at the network.
    """
    if is_remote(path):
        return (
            f"“{path.name}” lies on a network drive. A connection that breaks at the wrong moment can damage it, and "
            "another machine may write to it unseen. Copy it to a folder of this machine and work there; copy it back "
            "when it is closed."
        )
    service = synchroniser_of(path)
    if service:
        return (
            f"“{path.name}” lies in a folder that {service} synchronises. Another machine may change it at the same "
            "time, and a copy that is taken in the middle of a decision may be damaged. Keep it in a folder that is "
            "not synchronised, or pause synchronising while you work."
        )
    return ""


def is_remote(path: Path) -> bool:
    """Whether a path leads to another machine, as far as the system says so."""
    if sys.platform == "win32":
        return _is_remote_drive(path)
    mounts = _linux_mounts() if sys.platform.startswith("linux") else _bsd_mounts()
    return _type_at(path, mounts).removeprefix("fuse.") in _REMOTE


def synchroniser_of(path: Path) -> str:
    """Return the name of the service that synchronises the folder of a file, "" if none is known to."""
    for folder in path.parents:
        name = folder.name.casefold()
        for beginning, service in _FOLDERS:
            if name.startswith(beginning):
                return service
        for marker, service in _MARKERS:
            with suppress(OSError):
                if (folder / marker).exists():
                    return service
    return ""


def _type_at(path: PurePath, mounts: Iterator[tuple[str, str]]) -> str:
    """Return the type of the file system that a path lies on; the last mount of the longest folder counts."""
    best, found = -1, ""
    for folder, kind in mounts:
        if path.is_relative_to(folder) and len(PurePath(folder).parts) >= best:
            best, found = len(PurePath(folder).parts), kind
    return found


def _linux_mounts() -> Iterator[tuple[str, str]]:
    """Yield folder and type of each mount; blanks and the like are written as octal numbers there."""
    try:
        lines = Path("/proc/self/mounts").read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        parts = line.split()
        if len(parts) >= 3:
            yield parts[1].decode("unicode_escape").encode("latin-1").decode("utf-8", "replace"), parts[2].decode()


def _bsd_mounts() -> Iterator[tuple[str, str]]:
    """Yield folder and type of each mount, from lines like `//mira@desk/share on /Volumes/share (smbfs, nodev)`."""
    try:
        told = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False, timeout=2).stdout
    except (OSError, subprocess.TimeoutExpired):
        return
    for line in told.splitlines():
        place, _, options = line.rpartition(" (")
        yield place.partition(" on ")[2], options.partition(",")[0].rstrip(")")


def _is_remote_drive(path: Path) -> bool:
    import ctypes  # noqa: PLC0415  (only for this system)

    if path.drive.startswith("\\\\"):
        return True
    windll = getattr(ctypes, "windll", None)
    return windll is not None and windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == _DRIVE_REMOTE
