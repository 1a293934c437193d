"""Taking turns: a lock that is given in the order in which it is asked for."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A lock for `with`; who asked first gets it first, and the thread that holds it may ask again.

    Python's own locks go to whoever happens to ask when they are free: a thread that writes small portions one after
    the other (an index, an import) takes its lock back before the window's thread has woken up, again and again.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._holder: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._holder in {None, me}:
                self._holder = me
                self._depth += 1
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append((me, gate))
        try:
            gate.acquire()  # until whoever is before us has opened it
        except BaseException:  # an interrupt from the terminal
            with self._guard:
                is_handed_over = (me, gate) not in self._waiting
                if not is_handed_over:
                    self._waiting.remove((me, gate))
            if is_handed_over:
                self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            if not self._waiting:
                self._holder = None
                return
            self._holder, gate = self._waiting.popleft()
            self._depth = 1
            gate.release()
