"""The command `repeats`."""

from __future__ import annotations

import argparse

from gui.cli.talk import DONE, Meter, json_option, opened, project_argument, report

SUMMARY = "List paragraphs that stand word for word in many documents, and leave them out of the work."

#: So much of a paragraph is shown.
_LINE_CP = 90


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    parser.add_argument(
        "--leave-out", action="store_true", help="leave out those that hold no label; undo in the window takes them in"
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.operations.stretches import REPEATED, exclude_many
    from storage.repeats import repeated_paragraphs

    with opened(options.project, options) as project, Meter("reading") as meter:

        def go_on(done: int, total: int) -> bool:
            meter.tell("reading", done, total)
            return True

        found = repeated_paragraphs(project, proceed=go_on).found
        chosen = [repeat for repeat in found if options.leave_out and not repeat.labelled]
        if chosen:
            exclude_many(project, [place for repeat in chosen for place in repeat.places], reason=REPEATED)
    lines = [f"{repeat.documents:,} documents, {repeat.labelled:,} labels: {_shown(repeat.words)}" for repeat in found]
    lines.append(f"{len(found):,} repeated, {len(chosen):,} left out.")
    data = [{"text": r.words, "documents": r.documents, "labels": r.labelled, "left_out": r in chosen} for r in found]
    report(options, {"paragraphs": data}, "\n".join(lines))
    return DONE


def _shown(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LINE_CP else f"{line[:_LINE_CP].rstrip()} …"
