"""What makes a start quick: nothing is looked for in it that is not there."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def starting() -> Iterator[None]:
    """Look for no garbage within the block, nor ever in what it leaves: modules and widgets that stay.

    Python would look six times through all that SQLAlchemy makes while it is imported, an eighth of the whole start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def make_imports_quick() -> None:
    """Tell PySide6 by their names which modules use it.

    It reads the source of every module that is imported after it, and keeps it, to find out which ones could use its
    `from __feature__ import ...` (`_mod_uses_pyside` in its `feature.py`). None of ours does, and with SQLAlchemy the
    reading takes a tenth of the start. A release that does it otherwise is left alone.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", _may_use_pyside)  # noqa: B010  (a module that has no types)


def _may_use_pyside(module: ModuleType) -> bool:
    return module.__name__.partition(".")[0] in {"gui", "__main__"}
