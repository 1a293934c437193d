"""Check that a window can be opened here at all, in words that help, before Qt would abort the process.

Qt ends the program with a dump where there is no display or a system library is missing; nothing of Qt is imported
until this module is content.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from pathlib import Path

from storage.errors import EnvironmentProblem

#: What Qt's windows need of a Debian or Ubuntu system that has no desktop.
DEBIAN_PACKAGES = (
    "libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xkb1"
)

#: The libraries that the X11 part of Qt loads only when a window is opened.
_X11_LIBRARIES = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)

#: The platforms of Qt that show their window elsewhere, or nowhere.
_WITHOUT_DISPLAY = {"offscreen", "minimal", "minimalegl", "vnc", "linuxfb", "eglfs", "vkkhrdisplay"}
_WAYLAND = {"wayland", "wayland-egl", "wayland-brcm"}


def start(project: Path | None, *, is_sample: bool = False) -> int:
    """Open the window and return the exit code.

    Raises:
        EnvironmentProblem: there is no display, or a system library of Qt is missing.
    """
    if sys.platform.startswith("linux"):
        _check_display()
    try:
        from gui.app import run
    except ImportError as error:
        if "PySide6" in str(error) and "No module" in str(error):
            raise EnvironmentProblem("PySide6 is not installed; start Sayso with “uv run main.py”.") from error
        raise EnvironmentProblem(_missing_library(str(error))) from error
    return run(project, is_sample=is_sample)


def _check_display() -> None:
    """Make sure that one of the platforms that Qt will try has a display which answers."""
    named = os.environ.get("QT_QPA_PLATFORM", "")
    wanted = {part.partition(":")[0] for part in named.split(";")} - {""}
    if wanted & _WITHOUT_DISPLAY:
        return
    if wanted and not wanted & {"xcb", *_WAYLAND}:
        raise EnvironmentProblem(
            f"The window cannot be opened: QT_QPA_PLATFORM is “{named}”, which Qt does not know. Unset it."
        )
    if (not wanted or wanted & _WAYLAND) and _wayland_answers():
        return
    display = os.environ.get("DISPLAY", "")
    if (wanted and "xcb" not in wanted) or not display or not _answers(display):
        where = f"the display “{display}” does not answer" if display else "there is no display here"
        raise EnvironmentProblem(
            f"The window cannot be opened: {where}. Start Sayso on a desktop, or use its commands "
            "(main.py --help), which need no screen."
        )
    for library in _X11_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError as error:
            raise EnvironmentProblem(_missing_library(str(error))) from error


def _wayland_answers() -> bool:
    """Return whether a Wayland compositor takes connections where the environment says."""
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return "WAYLAND_SOCKET" in os.environ
    return _connects(socket.AF_UNIX, str(Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name))


def _answers(display: str) -> bool:
    """Return whether an X server takes connections there; Qt would abort the process where none does."""
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdecimal():
        return False
    is_local = host in {"", "unix"} or host.startswith("/")
    addresses: list[tuple[socket.AddressFamily, str | bytes | tuple[str, int]]] = []
    if is_local:
        path = display if host.startswith("/") else f"/tmp/.X11-unix/X{number}"  # noqa: S108  (where X servers listen)
        addresses = [(socket.AF_UNIX, b"\0" + path.encode()), (socket.AF_UNIX, path)]
    else:
        addresses = [(socket.AF_INET, (host, 6000 + int(number)))]
    return any(_connects(family, address) for family, address in addresses)


def _connects(family: socket.AddressFamily, address: str | bytes | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(address)
        except OSError:
            return False
        return True


def _missing_library(reason: str) -> str:
    return (
        f"The window cannot be opened: a system library that Qt needs is missing ({reason.splitlines()[0]}). "
        f"On Debian or Ubuntu: apt install {DEBIAN_PACKAGES}"
    )
