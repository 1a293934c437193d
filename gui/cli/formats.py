"""The command `formats`."""

from __future__ import annotations

import argparse
from dataclasses import asdict, fields

from gui.cli.talk import DONE, json_option, report

SUMMARY = "List the formats that are read and written, and what each holds."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.formats.catalogue import FORMATS
    from storage.formats.interface import Capabilities

    names = [item.name for item in fields(Capabilities)]
    data = [
        {
            "name": format_.name,
            "title": format_.title,
            "group": format_.group.value,
            "extensions": list(format_.extensions),
            "reads": format_.can_read,
            "writes": format_.can_write,
            "holds": asdict(format_.holds),
            "options": {option.name: list(option.choices) for option in format_.options},
            "summary": format_.is_summary,
            "remark": format_.remark,
        }
        for format_ in FORMATS
    ]
    lines = []
    for format_ in FORMATS:
        does = " and ".join(word for word, is_so in (("in", format_.can_read), ("out", format_.can_write)) if is_so)
        lines.append(f"{format_.name:<12} {does:<11} {format_.title} {' '.join(format_.extensions)}".rstrip())
        held = [name for name in names if getattr(format_.holds, name)]
        if held:
            verb = "counts" if format_.is_summary else "holds"
            lines.append(f"{'':<24} {verb} {'everything' if held == names else ', '.join(held)}")
        lines += [f"{'':<24} --set {item.name}={'|'.join(item.choices)}  {item.help}" for item in format_.options]
        if format_.remark:
            lines.append(f"{'':<24} {format_.remark}")
    report(options, data, "\n".join(lines))
    return DONE
