"""Keeping a process off the network: nothing leaves the machine, whatever a library or a model would like."""

from __future__ import annotations

import sys

#: What Python tells of before it happens (https://docs.python.org/3/library/audit_events.html).
_REACHING_OUT = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
        "socket.getnameinfo",
    }
)


class OfflineError(ConnectionError):
    """Some code wanted to use the network; this program never does."""


def stay_offline() -> None:
    """Refuse whatever reaches out of this process from now on, for good: an audit hook cannot be taken away."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _REACHING_OUT:
        raise OfflineError(f"refused: {event}")
