"""Make docs/formats.md from the table of formats, so that it tells what the program does.

Run it as: uv run python docs/make_formats.py. A test compares the page with what this makes.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "formats.md"

_HEAD = """# Formats

<!-- Made by docs/make_formats.py from storage/formats/catalogue.py; change that, not this. -->

`main.py formats` tells the same. Files are told apart by name and content; `--format NAME` overrules that. A file
comes in whole or not at all, and each refusal names file, place and reason.

**What a format has no place for is never lost in silence**: the export dialog counts it before anything is written,
`export --dry-run` does so on the command line, and every export has a report beside it (`NAME.losses.txt`) with how
many, which and why. Labels of other tools are asked about on the way in (`--map OLD=NEW`, `--map OLD=` to leave
out), and their spans come in as confirmed by a named source or as suggestions (`--as`, `--source`).

Every format holds titles, texts and contiguous confirmed spans that do not overlap. The columns say what it holds
besides: **ov**erlapping spans, spans of several **fr**agments, **li**nks, **fi**elds, **ne**gatives (rejections),
what is **un**reviewed (suggestions), mentions' **ac**tors, **no**tes, **de**cisions (who and when, scores),
**me**tadata of documents, **re**viewed stretches, and other **st**retches (pages, excluded parts).
"""
_TAIL = """
## What is done where a format has no place

- Spans that may not overlap: mentions stay before cues, cues before claims, and longer ones before shorter ones.
- A span of several fragments, where that is not known: each fragment becomes a span of its own; links stay with the
  first.
- A link whose span is left out goes with it.
- Suggestions and rejections, where there is no mark for them, are left out: they would read as confirmed.
- A cell that begins like a formula gets an apostrophe in front in CSV and Excel; taking one off each cell that has
  apostrophes before one of `= + - @`, tab or return undoes it.

## What other tools' files become

- INCEpTION, WebAnno (`xmi`, `webanno`): each span layer becomes spans. The feature called label, value, category,
  class, tag, type, role, kind, name, code or relType (the first of these that is there) is the label, others are
  fields; without one, the layer's name is the label. Relations and slots become links, without other features. Words,
  sentences and parses stay out.
- W3C: the first bodies that classify or tag are labels (each makes a span), comments are notes, what identifies is
  the actor. The text must stand in the page or beside it. Where position and words disagree, the words are looked for.
- Citron: a quote becomes a claim with links to its cue and sources; with a confidence it comes in as a suggestion.
- REFI-QDA: each coding of a selection of a text becomes a span; cases without variables are actors, those with them are
  fields of their selections. Positions count code points; those of programs that count otherwise are told by the words.
- spaCy: entities and span groups become spans. A program of its own reads the file, of at most 1 GB unpacked.

A document's metadata say what was not taken over (`not imported`), and the import counts such documents. One document
is held in memory at a time, of REFI-QDA also the list of all selections (`project.qde`, at most 256 MB).
"""


def page() -> str:
    """Return the page."""
    sys.path.insert(0, str(ROOT))
    from storage.formats.catalogue import FORMATS
    from storage.formats.interface import Capabilities, Group

    names = [item.name for item in fields(Capabilities)]
    lines = [_HEAD]
    for group in Group:
        formats = [format_ for format_ in FORMATS if format_.group == group]
        if not formats:
            continue
        lines += [f"\n## {group.value}\n"]
        has_capabilities = any(format_.holds != Capabilities() for format_ in formats)
        columns = [name[:2] for name in names] if has_capabilities else []
        lines.append("| format | `name` | in | out | " + "".join(f"{column} | " for column in columns).rstrip())
        lines.append("|" + "---|" * (4 + len(columns)))
        for format_ in formats:
            ends = " ".join(f"`{ending}`" for ending in format_.extensions)
            cells = [f"{format_.title} {ends}".strip(), f"`{format_.name}`"]
            cells += ["✓" if is_so else "" for is_so in (format_.can_read, format_.can_write)]
            if has_capabilities:
                cells += ["✓" if getattr(format_.holds, name) else "" for name in names]
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
        for format_ in formats:
            said = [format_.remark] if format_.remark else []
            said += [f"`--set {o.name}={'|'.join(o.choices)}`: {o.help}." for o in format_.options]
            lines += [f"- `{format_.name}`: {' '.join(said)}"] if said else []
    return "\n".join(lines) + "\n" + _TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
