"""The keys in force: those of the table of commands, and those that the analyst gave to commands instead."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from gui.commands import COMMAND_BY_ID, Scope, default_keys, key_conflicts, native_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PySide6.QtGui import QAction

    from gui.settings import Settings

#: Where the settings keep the analyst's own keys: JSON of lists by command id.
SETTING = "keys"


class Keymap(QObject):
    """Knows, changes and stores the keys. No key ever belongs to two commands, so `keys` suits `build_actions`."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._own = _stored(settings.text(SETTING, "{}"))

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """The keys of every command, in Qt's portable notation; the first is the one shown."""
        return _in_force(self._own)

    def is_own(self, ident: str) -> bool:
        """Whether the analyst gave the command its keys."""
        return ident in self._own

    def refusal(self, ident: str, keys: Sequence[str]) -> str:
        """Return why a command cannot have these keys, in a sentence; empty if it can."""
        command = COMMAND_BY_ID[ident]
        for key in keys:
            if not _is_one_key(key):
                return f"“{key}” is no key."
            if command.scope is Scope.WINDOW and not _works_while_typing(key):
                return (
                    f"{_told(key)} types or moves in text fields, and “{name_of(ident)}” works there too. "
                    "Take a key with Ctrl, or a function key."
                )
        for key, owner, other in key_conflicts(self.keys | {ident: tuple(keys)}):
            holder = other if owner == ident else owner
            return f"{_told(key)} belongs to “{name_of(holder)}”. Give that another key first."
        return ""

    def set_keys(self, ident: str, keys: Sequence[str]) -> str:
        """Give a command other keys, or none, and keep that; return why not if it is refused."""
        wanted = tuple(dict.fromkeys(QKeySequence(key).toString() or key for key in keys))
        refusal = self.refusal(ident, wanted)
        if not refusal:
            own = {other: theirs for other, theirs in self._own.items() if other != ident}
            if wanted != COMMAND_BY_ID[ident].keys:
                own[ident] = wanted
            self._take(own)
        return refusal

    def reset(self, ident: str) -> str:
        """Give a command its default keys again; return why not if another one has them now."""
        return self.set_keys(ident, COMMAND_BY_ID[ident].keys)

    def reset_all(self) -> None:
        """Give all commands their default keys again."""
        self._take({})

    def apply(self, actions: Mapping[str, QAction]) -> None:
        """Let actions answer to the keys in force; menus, palette and key sheet read them from there."""
        keys = self.keys
        for ident, action in actions.items():
            action.setShortcuts([QKeySequence(key) for key in keys[ident]])

    def _take(self, own: dict[str, tuple[str, ...]]) -> None:
        if own == self._own:
            return
        self._own = own
        self._settings.store(SETTING, json.dumps(own))
        self._settings.save()
        self.changed.emit()


def name_of(ident: str) -> str:
    """Return the name of a command as menus have it."""
    return COMMAND_BY_ID[ident].text.removesuffix(" …")


def with_keypad(key: str) -> tuple[str, ...]:
    """Return a key, and with Return the keypad's Enter: to people both are one."""
    for one, other in (("Return", "Enter"), ("Enter", "Return")):
        if key == one or key.endswith(f"+{one}"):
            return tuple(sorted((key, key.removesuffix(one) + other), reverse=True))
    return (key,)


def _told(key: str) -> str:
    return next(iter(native_keys([key])), key)


def _is_one_key(key: str) -> bool:
    sequence = QKeySequence(key)
    return sequence.count() == 1 and bool(sequence.toString())


def _works_while_typing(key: str) -> bool:
    """Whether a key means nothing to a text field: with Ctrl, or a function key."""
    return bool(re.search(r"\b(Ctrl|Meta)\+|(^|\+)F\d+$", QKeySequence(key).toString()))


def _stored(text: str) -> dict[str, tuple[str, ...]]:
    """Return the own keys that a settings file holds; what is damaged or unknown counts as absent."""
    try:
        stored = json.loads(text)
    except ValueError:
        return {}
    own: dict[str, tuple[str, ...]] = {}
    if not isinstance(stored, dict):
        return own
    for ident, keys in stored.items():
        are_keys = isinstance(keys, list) and all(isinstance(key, str) and _is_one_key(key) for key in keys)
        if ident in COMMAND_BY_ID and are_keys and not key_conflicts(own | {ident: keys}):
            own[ident] = tuple(keys)
    return own


def _in_force(own: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return all keys. A default key that an own one took, as after an update of the program, gives way."""
    taken = {_portable(key) for keys in own.values() for key in keys}
    return {ident: own.get(ident, tuple(_without(keys, taken))) for ident, keys in default_keys().items()}


def _without(keys: Iterable[str], taken: set[str]) -> Iterable[str]:
    return (key for key in keys if _portable(key) not in taken)


def _portable(key: str) -> str:
    return QKeySequence(key).toString()
