"""Labels and tooltips that show what others wrote exactly as written, never as rich text."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent


#: Embeddings, overrides and isolates: they turn the words of others round, and those that stand after them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
    """Return a name or title without the characters that would change the order of what is shown around it.

    “invoice\u202efdp.exe” looks like another kind of file; a title like that would turn round the sentence it is
    quoted in. In documents themselves everything stays as it is.
    """
    return _TURNING.sub("", text)


def plain_tooltip(text: str) -> str:
    """Return a tooltip that shows `text` as typed: Qt guesses rich text from `<b>` and would load `<img>`."""
    if not text:
        return ""
    return f'<qt><p style="white-space:pre-wrap">{html.escape(harmless(text))}</p></qt>'


def set_plain_tooltip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip that shows `text` as typed, and the same as its accessible description."""
    widget.setToolTip(plain_tooltip(text))
    widget.setAccessibleDescription(text)


def without_mnemonic(text: str) -> str:
    """Return `text` for a button or a menu, its ampersands shown instead of underlining what follows."""
    return text.replace("&", "&&")


def on_one_line(text: str) -> str:
    """Return `text` with each run of white space as one blank, and nothing that turns words round."""
    return " ".join(harmless(text).split())


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget a look of the style sheet (`heading`, `muted`, `card`, `primary`, ...)."""
    _set_property(widget, "role", role)


def set_invalid(widget: QWidget, *, is_invalid: bool) -> None:
    """Show whether what stands in a field can be taken."""
    if bool(widget.property("invalid")) != is_invalid:
        _set_property(widget, "invalid", is_invalid)


def _set_property(widget: QWidget, name: str, value: object) -> None:
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class PlainLabel(QLabel):
    """A label that shows what others wrote as typed, and lets it turn no words round."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show `text`."""
        super().setText(harmless(text))


def plain_label(text: str = "", role: str = "", *, is_wrapped: bool = False) -> QLabel:
    """Return a label that shows plain text in a look of the style sheet."""
    label = PlainLabel(text)
    label.setWordWrap(is_wrapped)
    if role:
        label.setProperty("role", role)
    return label


def heading(text: str) -> QLabel:
    """Return a section heading: small capitals to the eye, the words as they are to a screen reader."""
    label = plain_label(text.upper(), "heading")
    label.setAccessibleName(text)
    return label


def framed(role: str, name: str = "") -> QFrame:
    """Return an empty frame in a look of the style sheet (`card`, `rule`, `popup`, `bar`)."""
    frame = QFrame()
    frame.setProperty("role", role)
    frame.setAccessibleName(name)
    return frame


class ElidedLabel(QLabel):
    """A label of one line that ends in an ellipsis where room is short, and then tells all in its tooltip."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__()
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.set_full_text(text)

    @property
    def full_text(self) -> str:
        """The text before it was cut."""
        return self._full

    def set_full_text(self, text: str) -> None:
        """Show `text`, on one line."""
        self._full = on_one_line(text)
        self.setAccessibleName(self._full)
        self.updateGeometry()
        self._elide()

    def sizeHint(self) -> QSize:
        """Ask for the width of the whole text."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._full) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Allow a few letters' width."""
        metrics = self.fontMetrics()
        return QSize(min(metrics.averageCharWidth() * 4, self.sizeHint().width()), metrics.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._elide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, after a change of font, the text cut for that font."""
        self._elide()
        super().paintEvent(event)

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, self.width())
        if shown != self.text():
            self.setText(shown)
        tip = plain_tooltip(self._full) if shown != self._full else ""
        if tip != self.toolTip():
            self.setToolTip(tip)
