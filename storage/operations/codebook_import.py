"""Taking a codebook file into a project that has a codebook."""

from __future__ import annotations

from storage.codebook_merge import plan_merge
from storage.codebook_reading import read_codebook
from storage.entities import FIELD, LABEL, LINK_TYPE
from storage.operations.codebook import field_image, label_image, link_type_image
from storage.operations.settings import take_settings
from storage.project import ChangeScope, Project
from storage.records import Changes, Codebook


def import_codebook(project: Project, incoming: Codebook) -> Changes:
    """Add what the project's codebook lacks and renew what both have, as one action; `plan_merge` tells what."""
    with project.change("import codebook") as scope:
        merge_codebook(scope, incoming)
    return scope.changes


def merge_codebook(scope: ChangeScope, incoming: Codebook) -> None:
    """Take another codebook in within an operation."""
    journal = scope.journal
    plan = plan_merge(read_codebook(scope.connection), incoming)
    # A key or a code may go from one label to another: each is given up before it is taken.
    freed = {label.id: {"key": None, "code": None} for label in plan.renewed.labels}
    journal.update_many(LABEL, freed)
    for label in plan.renewed.labels:
        journal.update(LABEL, label.id, label_image(label))
    for link_type in plan.renewed.link_types:
        journal.update(LINK_TYPE, link_type.id, link_type_image(link_type))
    for field in plan.renewed.fields:
        journal.update(FIELD, field.id, field_image(field))
    for label in plan.new.labels:
        journal.insert(LABEL, label_image(label))
    for link_type in plan.new.link_types:
        journal.insert(LINK_TYPE, link_type_image(link_type))
    for field in plan.new.fields:
        journal.insert(FIELD, field_image(field))
    take_settings(scope, incoming)
