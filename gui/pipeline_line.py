"""The part of the status bar that says what the suggesters cannot do in the language of the document on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject

from nlp.protocol import BLANK, PipelineInfo

if TYPE_CHECKING:
    from gui.panels.status import StatusBar

#: Documents whose language is not known are read as English.
_DEFAULT = "en"


class PipelineLine(QObject):
    """Remembers what the pipelines can do, and shows what the one for the document on screen lacks."""

    def __init__(self, status: StatusBar) -> None:
        super().__init__(status)
        self._status = status
        self._known: dict[str, PipelineInfo] = {}
        self._language: str | None = None

    def know(self, info: PipelineInfo) -> None:
        """Take over what a pipeline is and lacks."""
        self._known[info.language] = info
        self._show()

    def show_language(self, language: str | None) -> None:
        """Show what is lacking for a language code; "" where it is not known, `None` without a document."""
        self._language = None if language is None else _base(language)
        self._show()

    def _show(self) -> None:
        info = self._known.get(self._language or "")
        if info is None or not info.missing:
            self._status.show_lack("")
            return
        what = "no {} pipeline" if info.name.startswith(BLANK) else "incomplete {} pipeline"
        self._status.show_lack(what.format(language_name(info.language)), info.missing)


def language_name(code: str) -> str:
    """Return the English name of a language code, the code itself where it has none."""
    language = QLocale.codeToLanguage(code)
    return code if language == QLocale.Language.AnyLanguage else QLocale.languageToString(language)


def _base(language: str) -> str:
    """Return the code under which pipelines are known: `de` for `de-AT`."""
    return language.replace("_", "-").partition("-")[0].strip().lower() or _DEFAULT
