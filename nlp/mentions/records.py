"""What is known of one mention. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch that names or describes an actor; offsets are code points.

    `code` is an actor code of `nlp.suggestion`. `is_actor` is false where a name stands for a place only: such a
    mention is no suggestion, but tells what the name is. `at_place` says that a state or city would be a place here.
    `is_name` tells names from descriptions; `speaks` says that a claim names it as its source.
    """

    start_cp: int
    end_cp: int
    code: str
    text: str
    score: float
    is_name: bool = True
    is_actor: bool = True
    is_plural: bool = False
    reason: str = "name"
    speaks: bool = False
    at_place: bool = False
