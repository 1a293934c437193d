"""What Sayso itself writes that holds no documents: known again, so that none of it is taken for one in a folder."""

from __future__ import annotations

from pathlib import Path

from storage.formats.losses import is_report

_TRAINING = {"train.spacy", "dev.spacy", "config.cfg", "report.md", "report.json"}
_TABLES = ("spans", "claims", "actors", "decisions")
_INSTEAD = "import the project's JSON Lines instead"


def is_side_file(path: Path) -> bool:
    """Whether a file only tells of the export beside it: what was lost, or the labelling interface of tasks."""
    name = path.name
    if name.endswith(".config.xml"):
        return path.with_name(name.removesuffix(".config.xml") + ".json").is_file()
    return is_report(path)


def written_by_sayso(folder: Path) -> str | None:
    """Return why an export that holds no whole documents is not read, as the end of a sentence; None of other folders.

    Raises:
        OSError: the folder cannot be read.
    """
    names = {entry.name for entry in folder.iterdir()}
    if names >= _TRAINING:
        return f"training data that Sayso wrote, with parts of documents: {_INSTEAD}, or name the .spacy files"
    if any(names >= {f"{table}{ending}" for table in _TABLES} for ending in (".csv", ".parquet")):
        return f"tables that Sayso wrote, of spans and not of documents: {_INSTEAD}, or name the files"
    return None
