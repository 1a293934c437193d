"""Warning of a place that cannot be trusted with a project: once in a dialog for each project, then in a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui.dialogs.message import MessageDialog
from gui.settings import Settings

_WARNED, _MOST_WARNED = "warned_of_place", 50


def warn_of_place(window: QWidget, settings: Settings, path: Path, tell: Callable[[str], object]) -> None:
    """Tell what may go wrong where a project lies, if anything is known to."""
    from storage.places import risk_of

    sentence = risk_of(path)
    if not sentence:
        return
    warned = _warned(settings)
    if str(path) in warned:
        tell(sentence)
        return
    settings.store(_WARNED, json.dumps([str(path), *warned][:_MOST_WARNED], ensure_ascii=False))
    MessageDialog(window, "A risky place for a project", sentence).open()


def _warned(settings: Settings) -> list[str]:
    try:
        kept = json.loads(settings.text(_WARNED, "[]"))
    except ValueError:
        return []
    return [entry for entry in kept if isinstance(entry, str)] if isinstance(kept, list) else []
