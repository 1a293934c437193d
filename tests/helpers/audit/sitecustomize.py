"""Loaded by each Python process of a journey: writes down what it does with sockets, files and other programs.

One line of JSON each goes to the file that `SAYSO_AUDIT` names. Nothing is forbidden here; the tests judge.
"""

from __future__ import annotations

import json
import os
import sys

_TARGET = os.environ.get("SAYSO_AUDIT", "")
_NETWORK = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "poplib.", "imaplib.", "telnetlib.")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        path, mode, flags = arguments
        is_writing = bool(flags & _WRITES) if isinstance(flags, int) else bool(set(str(mode)) & set("wax+"))
        if not is_writing or isinstance(path, int) or os.fspath(path) == _TARGET:
            return
        details: list[object] = [os.path.realpath(os.fsdecode(path))]
    elif event == "subprocess.Popen":
        details = [str(arguments[0])]
    elif event.startswith(("tempfile.", *_NETWORK)):
        details = [str(argument) for argument in arguments[1 if event.startswith("socket.") else 0 :]]
    else:
        return
    line = json.dumps({"pid": os.getpid(), "event": event, "details": details})
    with open(_TARGET, "a", encoding="utf-8") as file:  # noqa: PTH123  (pathlib loads too much here)
        file.write(line + "\n")


if _TARGET:
    sys.addaudithook(_watch)
