"""Start the real program again and again, loading it only once: `python tests/journeys/fork_server.py`.

Each line of standard input is a JSON list of arguments for `driver.py`; a fork of this process, which has imported
everything and made nothing yet, runs it. Its process id is told first, its own lines follow, and how it ended last.
"""

from __future__ import annotations

import json
import os
import sys
import traceback

import driver

#: All that the window loads, now or later.
_MODULES = ("gui.app", "gui.main_window", "gui.session", "storage.project", "storage.queries", "storage.history")


def main() -> None:
    """Serve until standard input ends."""
    for name in (*_MODULES, "storage.operations.spans", "storage.operations.review", "PySide6.QtTest"):
        __import__(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _tell({"pid": child})
        _, status = os.waitpid(child, 0)
        print(flush=True)  # the child may have died in the middle of a line
        _tell({"ended": status})


def _run(arguments: list[str]) -> None:
    code = driver.FAILED
    try:
        code = driver.main(arguments)
    except BaseException:  # noqa: BLE001  (whatever it is, the fork must not go on serving)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _tell(facts: dict[str, int]) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
