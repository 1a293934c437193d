"""Small charts as SVG and HTML that need no script: bars of parts, ranked bars, months in a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

#: A bar is cut into parts by these classes, in this order.
PARTS = ("confirmed", "undecided", "rejected")

_HEIGHT = 96
_STEP = 14


def said(words: str) -> str:
    """Return words of a document or an analyst as HTML: escaped, and kept from turning the direction around them."""
    return f"<bdi>{escape(words)}</bdi>"


def parts_bar(counts: Sequence[int]) -> str:
    """Return one bar cut into confirmed, undecided and rejected, by their shares."""
    total = sum(counts) or 1
    cells = "".join(
        f'<span class="{name}" style="width:{100 * count / total:.2f}%"></span>'
        for name, count in zip(PARTS, counts, strict=True)
        if count
    )
    told = ", ".join(f"{count:,} {name}" for name, count in zip(PARTS, counts, strict=True))
    return f'<div class="parts" role="img" aria-label="{told}" title="{told}">{cells}</div>'


def ranked(items: Iterable[tuple[str, int]]) -> str:
    """Return names with their counts as bars, longest first."""
    listed = list(items)
    most = max((count for _, count in listed), default=1)
    rows = "".join(
        f'<li><span class="name">{said(name)}</span><span class="bar" style="width:{45 * count / most:.2f}%"></span>'
        f"<span>{count:,}</span></li>"
        for name, count in listed
    )
    return f'<ol class="ranked">{rows}</ol>'


def months(counts: Mapping[str, int]) -> str:
    """Return a column for each month from the first to the last, the empty ones too; `counts` by YYYY-MM, not empty."""
    names = _all_months(min(counts), max(counts))
    most = max(counts.values())
    width = _STEP * len(names)
    bars = []
    for place, name in enumerate(names):
        count = counts.get(name, 0)
        height = round(_HEIGHT * count / most, 1)
        bars.append(
            f'<rect x="{_STEP * place + 2}" y="{_HEIGHT - height}" width="{_STEP - 4}" height="{height}">'
            f"<title>{name}: {count:,}</title></rect>"
        )
        if name.endswith("-01") or place == 0:
            bars.append(f'<text x="{_STEP * place + 2}" y="{_HEIGHT + 14}">{name[:4] if place else name}</text>')
    size = f'viewBox="0 0 {max(width, 60)} {_HEIGHT + 20}" style="width:{max(width, 60)}px"'
    return f'<svg class="months" role="img" aria-label="Claims by month" {size}>{"".join(bars)}</svg>'


def _all_months(first: str, last: str) -> list[str]:
    names, year, month = [], int(first[:4]), int(first[5:])
    while (name := f"{year:04}-{month:02}") <= last:
        names.append(name)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return names
