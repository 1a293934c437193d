"""The command `import`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.cli.backup import back_up_first
from gui.cli.talk import (
    DATA_PROBLEM,
    DONE,
    Meter,
    counted,
    json_option,
    opened,
    project_argument,
    report,
)
from storage.errors import EnvironmentProblem

if TYPE_CHECKING:
    from storage.formats.columns import ColumnMapping
    from storage.formats.interface import Format
    from storage.formats.mapping import Arrival
    from storage.importing import ImportReport

SUMMARY = "Add documents to a project, from files of many formats and folders of them."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    from storage.formats.registry import read_formats

    project_argument(parser)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders searched through")
    names = [format_.name for format_ in read_formats()]
    parser.add_argument("--format", choices=names, help="what the files are (default: what name and content tell)")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="LABEL=TARGET",
        help="what a label of the files becomes: a name, KIND:NAME (actor, claim, cue), or nothing to leave it out",
    )
    parser.add_argument(
        "--as",
        dest="state",
        choices=("confirmed", "suggested"),
        help="as what spans come in (default: what the file says; rejections stay rejections)",
    )
    parser.add_argument("--source", default="", metavar="NAME", help="who labelled, where the file names nobody")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="PART=COLUMN",
        help="what a column of a table holds: text (may be given several times), title, date, source, language or id",
    )
    parser.add_argument(
        "--add-to-existing",
        action="store_true",
        help="add the labels of texts that the project has already to those; what stands there stays as it is",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would come in; change nothing")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from gui.docbin import offer
    from storage.formats.registry import format_named
    from storage.importing import import_paths

    offer()
    arrival, columns = _arrival(options), _columns(options.column)
    format_ = format_named(options.format) if options.format else None
    if options.dry_run:
        return _preview(options, format_, arrival, columns)
    notice = back_up_first(options)
    with opened(options.project, options, notice) as project, Meter("importing") as meter:
        found = import_paths(
            project,
            options.paths,
            format_=format_,
            arrival=arrival,
            columns=columns,
            is_joining=options.add_to_existing,
            progress=meter.show,
        )
    data: dict[str, Any] = {
        "documents": found.documents,
        "files": found.files,
        "losses": found.losses.to_json(),
        **_lists(found),
    }
    data["joined"] = asdict(found.joined)
    lines = [f"Imported {counted(found.documents, 'document')} from {counted(found.files, 'file')}."]
    if options.add_to_existing:
        joined = found.joined
        there = f"{counted(joined.equal, 'span')} stood there already"
        lines.append(
            f"Added {counted(joined.spans, 'span')} and {counted(joined.links, 'link')} to "
            f"{counted(joined.documents, 'document')} of the project; {there}."
        )
    report(options, data, "\n".join([*lines, *_problem_lines(found)]))
    return DATA_PROBLEM if found.refused else DONE


def _arrival(options: argparse.Namespace) -> Arrival:
    from storage.formats.mapping import Arrival, LabelMapping, parse_target
    from storage.records import State

    targets: dict[Any, Any] = {}
    for word in options.map:
        label, equals, target = word.partition("=")
        if not equals or not label:
            raise EnvironmentProblem(f"--map {word}: write LABEL=TARGET.")
        try:
            parsed = parse_target(target, label)
        except ValueError as error:
            raise EnvironmentProblem(f"--map {word}: {error}.") from error
        if targets.setdefault((None, label), parsed) != parsed:
            raise EnvironmentProblem(f"--map {word}: {label} is mapped already; say one of them.")
    return Arrival(LabelMapping(targets), State(options.state) if options.state else None, options.source)


def _columns(words: list[str]) -> ColumnMapping | None:
    from storage.formats.columns import ColumnMapping

    texts: list[str] = []
    said: dict[str, str] = {}
    for word in words:
        part, _, column = word.partition("=")
        if not column or part not in _PARTS:
            raise EnvironmentProblem(f"--column {word}: write PART=COLUMN, the part one of {', '.join(_PARTS)}.")
        if part == "text":
            texts.append(column)
        elif said.setdefault(part, column) != column:
            raise EnvironmentProblem(f"--column {word}: {part} is {said[part]} already; say one of them.")
    if not words:
        return None
    title, date, source, language, id_ = (said.get(part) for part in _PARTS[1:])
    return ColumnMapping(tuple(texts), title, date, source, language, id_)


def _preview(
    options: argparse.Namespace, format_: Format | None, arrival: Arrival, columns: ColumnMapping | None
) -> int:
    from storage.preview import preview_import

    with opened(options.project, options) as project, Meter("reading") as meter:
        found = preview_import(
            project,
            options.paths,
            format_=format_,
            arrival=arrival,
            columns=columns,
            is_joining=options.add_to_existing,
            progress=meter.show,
        )
    data = found.to_json()
    report(options, data, "\n".join(found.to_lines()))
    return DATA_PROBLEM if found.report.refused else DONE


#: The parts of a document that a column may hold, in the order of `ColumnMapping`.
_PARTS = ("text", "title", "date", "source", "language", "id")

_TITLES = {"refused": "Not imported", "skipped": "Left out", "guessed": "Encoding guessed"}


def _lists(found: ImportReport) -> dict[str, list[dict[str, str]]]:
    return {name: getattr(found, name).to_json() for name in _TITLES}


def _problem_lines(found: ImportReport) -> list[str]:
    lines = [f"Lost on the way: {told}" if not told.startswith(" ") else told for told in found.losses.to_lines()]
    for name, title in _TITLES.items():
        lines += getattr(found, name).to_lines(f"{title}: ")
    return lines
