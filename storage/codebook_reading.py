"""Reading the codebook and the settings of suggestions as a transaction sees them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.records import Codebook, FieldRecord, FieldType, LabelKind, LabelRecord, LabelSettings, LinkTypeRecord

#: The names of the options of the suggesters.
CUE_KINDS_OPTION, MEMORY_OPTION = "cue_kinds", "memory"


def read_codebook(connection: Connection) -> Codebook:
    """Return the codebook as a transaction sees it."""
    labels = connection.execute(select(t.Label.__table__).order_by(t.Label.position, t.Label.id)).all()
    link_types = connection.execute(select(t.LinkType.__table__).order_by(t.LinkType.id)).all()
    fields = connection.execute(select(t.Field.__table__).order_by(t.Field.position, t.Field.id)).all()
    return Codebook(
        tuple(LabelRecord(**{**row._mapping, "kind": LabelKind(row.kind)}) for row in labels),  # noqa: SLF001
        tuple(
            LinkTypeRecord(row.id, row.code, row.name, LabelKind(row.from_kind), LabelKind(row.to_kind), row.definition)
            for row in link_types
        ),
        tuple(
            FieldRecord(
                row.id,
                row.name,
                LabelKind(row.kind),
                FieldType(row.type),
                tuple(row.choices),
                row.definition,
                row.position,
            )
            for row in fields
        ),
        *read_settings(connection),
    )


def read_settings(connection: Connection) -> tuple[dict[int, LabelSettings], tuple[str, ...] | None, bool]:
    """Return the settings of labels, the kinds of cue, and whether confirmed words are remembered.

    A stranger may have written the options: what cannot be one counts for nothing.
    """
    setting, option = t.LabelSetting.__table__.c, t.SuggestOption.__table__.c
    rows = connection.execute(select(setting.label_id, setting.least_score, setting.is_remembered))
    settings = {row.label_id: LabelSettings(row.least_score, row.is_remembered) for row in rows}
    options = {row.name: row.value for row in connection.execute(select(option.name, option.value))}
    kinds = options.get(CUE_KINDS_OPTION)
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        kinds = None
    return settings, None if kinds is None else tuple(kinds), options.get(MEMORY_OPTION) is not False
