"""A project on one page of HTML, self-contained: no script, nothing loaded from anywhere. Writes only.

All text of documents and people is escaped; the page's own policy forbids whatever might slip through to load or run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument
from storage.formats.report.charts import PARTS, months, parts_bar, ranked, said
from storage.formats.report.counting import Summary, summarise
from storage.formats.report.style import STYLE
from storage.records import Codebook, LabelKind, State

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

_TOP = 12
_STATES = (State.CONFIRMED, State.SUGGESTED, State.REJECTED)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write the page, whole or not at all, and return the number of documents.

    Raises:
        StorageFullError: the file cannot be written.
    """
    summary = summarise(documents, context.codebook)
    summary.actors = sum(1 for _ in context.actors())
    with atomic_writer(path) as stream:
        stream.writelines(line + "\n" for line in page(summary, context.codebook, context.project_name))
    return summary.documents


def page(summary: Summary, codebook: Codebook, name: str) -> Iterator[str]:
    """Yield the lines of the page."""
    title = escape(name or "Project")
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{title}: who says what</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>"
    yield f"<header><h1>{said(name or 'Project')}</h1>"
    yield f"<p>Who says what, about whom. {datetime.now(UTC):%Y-%m-%d}, by Sayso.</p></header>"
    yield from _tiles(summary)
    yield from _labels(summary, codebook)
    yield from _acceptance(summary)
    yield from _claims(summary)
    yield from _examples(summary, codebook)
    yield "<footer>Counted over the documents that were in the project when this page was written. "
    yield "It may quote confidential text: keep it as you keep them.</footer>"
    yield "</main>\n</body>\n</html>"


def _tiles(summary: Summary) -> Iterator[str]:
    tiles = (
        (summary.documents, "documents", f"{summary.started:,} begun, {summary.reviewed:,} reviewed"),
        (summary.count(State.CONFIRMED, LabelKind.CLAIM), "claims", "confirmed"),
        (summary.count(State.CONFIRMED, LabelKind.ACTOR), "mentions", f"confirmed, of {summary.actors:,} actors"),
        (summary.count(State.SUGGESTED), "suggestions", "undecided"),
        (summary.count(State.REJECTED), "rejections", "kept as examples of what is wrong"),
    )
    yield '<section class="tiles">'
    for count, what, more in tiles:
        yield f"<div><b>{count:,}</b> <span>{what}</span><small>{more}</small></div>"
    yield "</section>"


def _labels(summary: Summary, codebook: Codebook) -> Iterator[str]:
    yield "<section><h2>Labels</h2>"
    keys = list(dict.fromkeys([(label.kind, label.name) for label in codebook.labels]))
    keys += sorted({(kind, label) for kind, label, _ in summary.spans} - set(keys))
    if not summary.spans:
        yield '<p class="empty">Nothing is labelled yet.</p></section>'
        return
    yield '<table><thead><tr><th>Label<th class="wide">' + _legend("confirmed", "undecided", "rejected")
    for kind, label in keys:
        counts = [summary.spans[kind, label, state] for state in _STATES]
        numbers = "".join(f"<td>{count:,}" for count in counts)
        yield f"<tr><th>{said(label)} <small>{kind}</small><td>{parts_bar(counts)}{numbers}</tr>"
    yield "</tbody></table></section>"


def _legend(*names: str) -> str:
    """Return the headings of the three numbers, each with the colour of its part of the bar."""
    cells = (f'<th><span class="key {part}"></span> {name}' for part, name in zip(PARTS, names, strict=True))
    return f"{''.join(cells)}</tr></thead><tbody>"


def _acceptance(summary: Summary) -> Iterator[str]:
    """Yield how many of the decided suggestions were accepted, by suggester and label."""
    rows = sorted({(suggester, label) for suggester, label, _ in summary.proposed})
    decided = {row: [summary.proposed[*row, state] for state in (State.CONFIRMED, State.REJECTED)] for row in rows}
    rows = [row for row in rows if sum(decided[row])]
    yield "<section><h2>Suggestions</h2>"
    if not rows:
        yield '<p class="empty">No suggestion has been decided on yet.</p></section>'
        return
    yield '<table><thead><tr><th>Suggester<th>Label<th class="wide"><th>accepted<th>decided</tr></thead><tbody>'
    for suggester, label in rows:
        accepted, rejected = decided[suggester, label]
        share = f"{100 * accepted / (accepted + rejected):.0f} %"
        bar = parts_bar([accepted, 0, rejected])
        yield f"<tr><th>{said(suggester)}<td>{said(label)}<td>{bar}<td>{share}<td>{accepted + rejected:,}</tr>"
    yield "</tbody></table></section>"


def _claims(summary: Summary) -> Iterator[str]:
    yield "<section><h2>Who says, and about whom</h2>"
    if not summary.speakers:
        yield '<p class="empty">No confirmed claim has a speaker yet.</p></section>'
        return
    yield '<div class="columns">'
    for title, counts in (("Speakers", summary.speakers), ("Spoken of", summary.targets)):
        first = [(party.name, count) for party, count in counts.most_common(_TOP)]
        body = ranked(first) if first else '<p class="empty">Nobody yet.</p>'
        yield f"<div><h3>{title}</h3>{body}</div>"
    yield "</div>"
    if summary.pairs:
        yield from _pairs(summary)
    if summary.months:
        undated = f" {summary.undated:,} without a date are not shown." if summary.undated else ""
        yield f'<h3>By month</h3><div class="scroll">{months(summary.months)}</div>'
        yield f"<p><small>Claims by the date that they or their documents bear.{undated}</small></p>"
    yield "</section>"


def _pairs(summary: Summary) -> Iterator[str]:
    yield '<h3>Who about whom</h3><table><thead><tr><th>Speaker<th>Target<th class="wide">'
    yield _legend("for", "neither", "against")
    top = sorted(summary.pairs.items(), key=lambda item: (-item[1].total(), [party.name for party in item[0]]))[:_TOP]
    for (speaker, target), signs in top:
        counts = [signs[sign] for sign in (1, 0, -1)]
        numbers = "".join(f"<td>{count:,}" for count in counts)
        yield f"<tr><th>{said(speaker.name)}<td>{said(target.name)}<td>{parts_bar(counts)}{numbers}</tr>"
    yield "</tbody></table>"


def _examples(summary: Summary, codebook: Codebook) -> Iterator[str]:
    order = {(label.kind, label.name): label.position for label in codebook.labels}
    shown = sorted(summary.examples, key=lambda key: (key[0] != LabelKind.CLAIM, order.get(key, len(order)), key))
    if not shown:
        return
    yield "<section><h2>Examples</h2>"
    for key in shown:
        yield f"<h3>{said(key[1])} <small>{key[0]}</small></h3>"
        if key[0] != LabelKind.CLAIM:
            yield f"<p>{', '.join(said(example.quote) for example in summary.examples[key])}</p>"
            continue
        for example in summary.examples[key]:
            speaker = f"<b>{said(example.speaker)}</b>, " if example.speaker else ""
            yield f"<blockquote>{said(example.quote)}<cite>{speaker}{said(example.document)}</cite></blockquote>"
    yield "</section>"
