"""What keeps a window from opening is told in one sentence, before Qt would end the process."""

import socket
import sys

import pytest

from gui import start
from storage.errors import EnvironmentProblem


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(start.ctypes, "CDLL", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def opened(monkeypatch):
    calls = []
    monkeypatch.setattr("gui.app.run", lambda project, *, is_sample: calls.append((project, is_sample)) or 0)
    return calls


def test_no_display_is_told(opened):
    with pytest.raises(EnvironmentProblem, match="there is no display here"):
        start.start(None)
    assert opened == []


@pytest.mark.parametrize("display", [":4711", "localhost:4711", "nonsense", ":x.0", "unix:4712.0", "/no/such:0"])
def test_a_display_that_does_not_answer_is_told(opened, monkeypatch, display):
    monkeypatch.setenv("DISPLAY", display)

    with pytest.raises(EnvironmentProblem, match="does not answer"):
        start.start(None)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="X11")
def test_a_display_that_answers_is_used(opened, monkeypatch, tmp_path):
    path = tmp_path / "X:0"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(path))
        server.listen()
        monkeypatch.setenv("DISPLAY", str(path))
        assert start.start(None) == 0

    assert opened == [(None, False)]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="Wayland")
@pytest.mark.parametrize("platform", ["", "wayland", "wayland;xcb"])
def test_a_compositor_that_answers_is_used_and_one_that_does_not_is_told(opened, monkeypatch, tmp_path, platform):
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "w-0")
    with pytest.raises(EnvironmentProblem, match="there is no display here"):
        start.start(None)

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "w-0"))
        server.listen()
        assert start.start(None) == 0


def test_a_platform_that_qt_does_not_know_is_told(opened, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")

    with pytest.raises(EnvironmentProblem, match="“nonsense”, which Qt does not know"):
        start.start(None)


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc", "offscreen:configfile=x.json"])
def test_platforms_without_a_display_are_not_asked_for_one(opened, monkeypatch, platform, tmp_path):
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)

    assert start.start(tmp_path, is_sample=True) == 0
    assert opened == [(tmp_path, True)]


def test_a_missing_library_names_the_packages(opened, monkeypatch, tmp_path):
    def refuse(name):
        raise OSError(f"{name}: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(start.ctypes, "CDLL", refuse)
    monkeypatch.setattr(start, "_answers", lambda display: True)
    monkeypatch.setenv("DISPLAY", ":0")

    with pytest.raises(EnvironmentProblem, match=r"libxcb-cursor\.so\.0.*apt install .*libegl1"):
        start.start(None)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("libEGL.so.1: cannot open shared object file", r"libEGL\.so\.1.*apt install"),
        ("No module named 'PySide6'", "PySide6 is not installed"),
    ],
)
def test_an_import_that_fails_is_told_in_a_sentence(monkeypatch, reason, sentence):
    class Refusing:
        def find_spec(self, name, path=None, target=None):
            if name == "gui.app":
                raise ImportError(reason)

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delitem(sys.modules, "gui.app", raising=False)
    monkeypatch.delattr("gui.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Refusing(), *sys.meta_path])

    with pytest.raises(EnvironmentProblem, match=sentence):
        start.start(None)
