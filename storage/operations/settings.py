"""How suggestions are made and shown: the least score of a label, what is remembered, which kinds of cue count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import select

from storage.codebook_reading import CUE_KINDS_OPTION, MEMORY_OPTION, read_codebook
from storage.codebook_rules import folded
from storage.entities import LABEL_SETTING, OPTION, Image
from storage.errors import InvalidEditError
from storage.operations.shared import kind_of
from storage.project import ChangeScope, Project
from storage.records import Changes, Codebook, LabelKind, LabelSettings

_DEFAULTS = LabelSettings()


def set_least_scores(project: Project, scores: Mapping[int, float]) -> Changes:
    """Hide the undecided suggestions of these labels whose score is lower; they count as undecided no more.

    Every document with a suggestion that appears or goes is among the changes.
    """
    with project.change("set least score") as scope:
        for label_id, score in scores.items():
            if not 0 <= score <= 1:
                raise InvalidEditError(f"a least score lies between 0 and 1, not at {score}")
            set_of_label(scope, label_id, {"least_score": round(float(score), 4)})
    return scope.changes


def set_remembered(project: Project, label_id: int, *, is_remembered: bool) -> Changes:
    """Switch on or off that words confirmed under a label are suggested wherever else they stand."""
    with project.change("remember label") as scope:
        if kind_of(scope, label_id) != LabelKind.ACTOR:
            raise InvalidEditError("only mentions are remembered")
        set_of_label(scope, label_id, {"is_remembered": is_remembered})
    return scope.changes


def set_remembering(project: Project, *, is_on: bool) -> Changes:
    """Switch on or off that confirmed words are remembered at all."""
    with project.change("remember words") as scope:
        set_option(scope, MEMORY_OPTION, is_on)
    return scope.changes


def set_cue_kinds(project: Project, kinds: Sequence[str] | None) -> Changes:
    """Let these kinds of cue make a claim, `None`: all that the suggesters know."""
    with project.change("kinds of cue") as scope:
        set_option(scope, CUE_KINDS_OPTION, None if kinds is None else list(dict.fromkeys(kinds)))
    return scope.changes


def set_of_label(scope: ChangeScope, label_id: int, values: Image) -> None:
    """Set some settings of a label within another operation."""
    kind_of(scope, label_id)  # raises if it is gone
    table = LABEL_SETTING.table.c
    row_id = scope.connection.execute(select(table.id).where(table.label_id == label_id)).scalar()
    if row_id is not None:
        scope.journal.update(LABEL_SETTING, row_id, values)
        return
    image: Image = {"least_score": _DEFAULTS.least_score, "is_remembered": _DEFAULTS.is_remembered} | values
    if LabelSettings(image["least_score"], image["is_remembered"]) != _DEFAULTS:
        scope.journal.insert(LABEL_SETTING, {"label_id": label_id} | image)


def take_settings(scope: ChangeScope, incoming: Codebook) -> None:
    """Take over what another codebook says of suggestions, its labels known by kind and name; the rest stays."""
    own = {(label.kind, folded(label.name)): label.id for label in read_codebook(scope.connection).labels}
    for label in incoming.labels:
        settings = incoming.settings.get(label.id)
        if settings is not None:
            set_of_label(scope, own[label.kind, folded(label.name)], asdict(settings))
    if incoming.cue_kinds is not None:
        set_option(scope, CUE_KINDS_OPTION, list(incoming.cue_kinds))
    if not incoming.is_remembering:
        set_option(scope, MEMORY_OPTION, value=False)


def set_option(scope: ChangeScope, name: str, value: object) -> None:
    """Set an option of the suggesters within another operation."""
    table = OPTION.table.c
    row_id = scope.connection.execute(select(table.id).where(table.name == name)).scalar()
    if row_id is None:
        scope.journal.insert(OPTION, {"name": name, "value": value})
    else:
        scope.journal.update(OPTION, row_id, {"value": value})
