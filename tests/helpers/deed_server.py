"""Work on projects in forked processes that are there to be killed: `python tests/helpers/deed_server.py`.

Each line of standard input names a deed and a project. A fork opens the project, tells "begin", does it, tells "done"
and waits for its end; it tells its process id first, and this process that it ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deeds import take_in
from sqlalchemy import select

from storage import history
from storage import tables as t
from storage.backup import back_up, backups_of
from storage.exporting import written
from storage.formats.losses import Losses
from storage.formats.registry import format_named
from storage.operations import bulk, codebook_removal
from storage.passphrase import change_passphrase
from storage.project import Project
from storage.restore import restore
from storage.thinning import Reason

PASSPHRASE = "quiet words of Karsk"


def _import(project: Project) -> object:
    return take_in(project, *((f"New {n}", f"Lemsk speaks for the {n}th time. " * 60) for n in range(400)))


def suggested(project: Project) -> list[int]:
    """Return the spans that nobody has decided on."""
    with project.reading() as connection:
        return list(connection.execute(select(t.Span.id).where(t.Span.state == "suggested")).scalars())


def _remove_label(project: Project) -> object:
    with project.reading() as connection:
        names = dict(connection.execute(select(t.Label.name, t.Label.id)).all())
    return codebook_removal.remove_label(project, names["State"], move_to=names["Group"])


#: What is done to an open project.
LONG_DEEDS: dict[str, Callable[[Project], object]] = {
    "import": _import,
    "bulk action": lambda project: bulk.take_away_many(project, suggested(project)),
    "removal of a label": _remove_label,
    "undo": history.undo,
    "redo": history.redo,
    "backup": lambda project: back_up(project.path, Reason.HAND, is_forced=True),
}


def _export(path: Path) -> None:
    with Project.open(path) as project:
        brat = format_named("brat")
        documents, context = written(project, brat, Losses())
        brat.writer().write(documents, path.parent / "out", context)


#: What is done to the file of a project, or from it.
FILE_DEEDS: dict[str, Callable[[Path], object]] = {
    "upgrade": Project.open,
    "restore": lambda path: restore(path, backups_of(path)[-1].path),
    "passphrase": lambda path: change_passphrase(path, None, PASSPHRASE),
    "export": _export,
}


def _work(deed: str, path: Path) -> None:
    if deed in FILE_DEEDS:
        _tell("begin")
        FILE_DEEDS[deed](path)
    else:
        project = Project.open(path)
        _tell("begin")
        LONG_DEEDS[deed](project)
    _tell("done")


def _tell(what: str) -> None:
    print(what, flush=True)


def main() -> None:
    """Serve until standard input ends."""
    for line in sys.stdin:
        deed, path = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                _tell(str(os.getpid()))
                _work(deed, Path(path))
                signal.pause()
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        _tell("ended")


if __name__ == "__main__":
    main()
