"""The sample project: four briefs about one invented quarrel, for the first look at the program.

States, people and papers are made up. The texts hold what the program is about: direct and split quotations, reports
within reports, pronouns that speak, cues that are nouns, a Chinese term, an emoji, Markdown.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any, NamedTuple

from storage.formats.exchange import ExchangeDocument


class SampleActor(NamedTuple):
    """An entry for the registry of the sample project. `code` is the code of its label."""

    name: str
    code: str
    aliases: tuple[str, ...]


def sample_documents() -> list[ExchangeDocument]:
    """Return the documents of the sample project, in the order in which they are listed."""
    return [
        ExchangeDocument(
            title=entry["title"],
            text=_read(entry["file"]),
            source=entry["source"],
            date=entry["date"],
            language="en",
            encoding="utf-8",
            meta={"file": entry["file"], "genre": entry["genre"]},
            where=entry["file"],
        )
        for entry in _index()["documents"]
    ]


def sample_actors() -> list[SampleActor]:
    """Return the actors that the documents speak of; no model of a language knows invented states by name."""
    return [SampleActor(entry["name"], entry["code"], tuple(entry.get("aliases", ()))) for entry in _index()["actors"]]


def _index() -> dict[str, Any]:
    return tomllib.loads(_read("index.toml"))


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text("utf-8")
