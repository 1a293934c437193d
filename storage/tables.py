"""The tables of a project, typed. Reads and writes use Core rows.

They are seven times as fast to read as objects of an ORM and ten to twenty times as fast to insert.
Offsets count Unicode code points. Every table that the change log covers has an integer `id` that is never
given twice (AUTOINCREMENT), so that an undone deletion returns under its old id.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ColumnElement, ForeignKey, Index, UniqueConstraint, text

from storage.declaring import Base, column, nullable
from storage.records import FieldType, LabelKind, Origin, State, StretchKind

#: All tables, once this module is imported.
METADATA = Base.metadata

#: Longer quotes are no names: mentions without an actor are looked up by their words up to here.
LONGEST_NAME_CP = 100
#: What was decided in this project, not in a file that was imported, as the index of decided words has it.
DECIDED_HERE = f"origin <> 'import' AND state <> 'suggested' AND length(quote) <= {LONGEST_NAME_CP}"

#: Suggestions that someone decided on, for the rates of acceptance. To be repeated word for word by queries.
JUDGED = "origin = 'suggester' AND state <> 'suggested'"

#: Changes that moved or relabelled a span, found without reading all that was decided in its document. Likewise.
MOVED = (
    "entity = 'span' AND row_id IS NOT NULL AND after IS NOT NULL "
    """AND (instr(before, '"label_id"') > 0 OR instr(before, '"fragments"') > 0)"""
)


def _one_of(column: str, values: type[LabelKind | State | Origin | FieldType | StretchKind]) -> CheckConstraint:
    # Not "IN (...)": SQLite builds such a list anew for each row that is inserted, a third of an import's time.
    listed = " OR ".join(f"{column} = '{value.value}'" for value in values)
    return CheckConstraint(listed, name=f"{column}_known")


def _range() -> CheckConstraint:
    return CheckConstraint("start_cp >= 0 AND start_cp < end_cp", name="range")


def _decision() -> tuple[CheckConstraint, ...]:
    """Return what holds of every span and link: known words, score in [0, 1], who decided and when."""
    return (
        _one_of("state", State),
        _one_of("origin", Origin),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name="score_range"),
        CheckConstraint("(state = 'suggested') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("state = 'suggested' OR analyst_id IS NOT NULL", name="decided_has_analyst"),
        CheckConstraint("origin <> 'suggester' OR run_id IS NOT NULL", name="suggester_has_run"),
    )


class Setting(Base):
    """Where the analyst was and other state of the project that is not annotation."""

    __tablename__ = "setting"
    key = column(str, primary_key=True)
    value: ColumnElement[Any] = Column(JSON, nullable=False)


class Analyst(Base):
    """A person who decides."""

    __tablename__ = "analyst"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)
    id = column(int, primary_key=True)
    name = column(str, unique=True)
    created_at = column(str)


class Label(Base):
    """A category of the codebook; `code` is the name by which suggesters know it."""

    __tablename__ = "label"
    __table_args__ = (
        _one_of("kind", LabelKind),
        CheckConstraint("name <> ''", name="name_given"),
        UniqueConstraint("kind", "name"),
    )
    id = column(int, primary_key=True)
    kind = column(str)
    name = column(str)
    code = nullable(str, unique=True)
    colour = column(str, default="grey")
    key = nullable(str, unique=True)
    definition = column(str, default="")
    examples = column(str, default="")
    position = column(int, default=0)


class LabelSetting(Base):
    """How suggestions of one label are treated; a label without a row has the defaults."""

    __tablename__ = "label_setting"
    __table_args__ = (CheckConstraint("least_score >= 0 AND least_score <= 1", name="least_score_range"),)
    id = column(int, primary_key=True)
    label_id = column(int, ForeignKey("label.id", ondelete="CASCADE"), unique=True)
    least_score = column(float, default=0.0)
    is_remembered = column(bool, default=True)


class SuggestOption(Base):
    """How suggestions are made in the whole project: which kinds of cue, whether confirmed words are remembered."""

    __tablename__ = "suggest_option"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)
    id = column(int, primary_key=True)
    name = column(str, unique=True)
    value: ColumnElement[Any] = Column(JSON, nullable=False)


class LinkType(Base):
    """A type of link between spans of two kinds."""

    __tablename__ = "link_type"
    __table_args__ = (
        _one_of("from_kind", LabelKind),
        _one_of("to_kind", LabelKind),
    )
    id = column(int, primary_key=True)
    code = column(str, unique=True)
    name = column(str)
    from_kind = column(str)
    to_kind = column(str)
    definition = column(str, default="")


class Field(Base):
    """An attribute that spans of one kind carry."""

    __tablename__ = "field"
    __table_args__ = (
        _one_of("kind", LabelKind),
        _one_of("type", FieldType),
        UniqueConstraint("kind", "name"),
    )
    id = column(int, primary_key=True)
    name = column(str)
    kind = column(str)
    type = column(str)
    choices = column(list, default=list)
    definition = column(str, default="")
    position = column(int, default=0)


class ImportBatch(Base):
    """One import action. Its documents are written while it is `staged` and appear at once as it becomes `present`.

    So an import of any size is whole or not there at all, while others write in between; undoing it makes it
    `removed`, which loses nothing.
    """

    __tablename__ = "import_batch"
    __table_args__ = (CheckConstraint("state IN ('staged', 'present', 'removed')", name="state_known"),)
    id = column(int, primary_key=True)
    state = column(str)
    at = column(str)
    analyst_id = column(int, ForeignKey("analyst.id"))


class Document(Base):
    """A document without its text, so that lists read small rows. `removed_at` hides it, loses nothing."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("length_cp > 0", name="length_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_shape"),
        Index("ix_document_listed", "position", "id", sqlite_where=text("removed_at IS NULL")),
    )
    id = column(int, primary_key=True)
    batch_id = column(int, ForeignKey("import_batch.id"), index=True)
    title = column(str)
    source = column(str, default="")
    date = nullable(str)
    language = column(str, default="")
    encoding = column(str, default="")
    length_cp = column(int)
    sha256 = column(str, index=True)
    meta = column(dict, default=dict)
    imported_at = column(str)
    removed_at = nullable(str)
    position = column(int, default=0)


class DocumentProgress(Base):
    """How far the work on a document has come, counted along with each change, so that no list has to count.

    Never in the change log: it follows from the spans and reviewed stretches.
    """

    __tablename__ = "document_progress"
    __table_args__ = (CheckConstraint("undecided >= 0 AND decided >= 0 AND reviewed_cp >= 0", name="not_negative"),)
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    undecided = column(int, default=0)
    decided = column(int, default=0)
    reviewed_cp = column(int, default=0)


class DocumentText(Base):
    """The exact text of a document: written once, never changed, never in the change log."""

    __tablename__ = "document_text"
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    text = column(str)


class Actor(Base):
    """An entry of the registry."""

    __tablename__ = "actor"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)
    id = column(int, primary_key=True)
    name = column(str)
    label_id = nullable(int, ForeignKey("label.id"))
    notes = column(str, default="")


class ActorAlias(Base):
    """A further name of an actor; `folded` is what look-ups compare."""

    __tablename__ = "actor_alias"
    actor_id = column(int, ForeignKey("actor.id", ondelete="CASCADE"), primary_key=True)
    alias = column(str, primary_key=True)
    folded = column(str, index=True)


class BlockedWords(Base):
    """Words that a label is never suggested for again; `folded` is what proposals are compared with."""

    __tablename__ = "blocked_words"
    __table_args__ = (
        CheckConstraint("folded <> ''", name="folded_given"),
        UniqueConstraint("label_id", "folded"),
    )
    id = column(int, primary_key=True)
    label_id = column(int, ForeignKey("label.id"))
    words = column(str)
    folded = column(str)
    analyst_id = column(int, ForeignKey("analyst.id"))
    at = column(str)


class IndexedDocument(Base):
    """The full-text index holds the words of this document. Never in the change log: it follows from the texts."""

    __tablename__ = "indexed_document"
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)


class RememberedWords(Base):
    """Words that memory has brought to all documents, and as what. Never in the change log: it follows from the spans.

    Where this differs from what is confirmed, `storage.memory` has work. `document_id`: where it was confirmed first.
    """

    __tablename__ = "remembered_words"
    words = column(str, primary_key=True)
    label_id = column(int, ForeignKey("label.id", ondelete="CASCADE"), index=True)
    actor_id = nullable(int, ForeignKey("actor.id", ondelete="SET NULL"), index=True)
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"), index=True)


class SuggesterRun(Base):
    """One version of one suggester with one model, as used in this project."""

    __tablename__ = "suggester_run"
    __table_args__ = (UniqueConstraint("suggester", "version", "model"),)
    id = column(int, primary_key=True)
    suggester = column(str)
    version = column(str)
    model = column(str, default="")
    started_at = column(str)


class DocumentRun(Base):
    """A suggester has read a document."""

    __tablename__ = "document_run"
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"), primary_key=True)
    run_id = column(int, ForeignKey("suggester_run.id", ondelete="CASCADE"), primary_key=True)
    finished_at = column(str)


class Span(Base):
    """A labelled stretch of a document; its fragments stand in `Fragment`, its envelope here."""

    __tablename__ = "span"
    __table_args__ = (
        *_decision(),
        _range(),
        CheckConstraint("quote <> ''", name="quote_given"),
        Index("ix_span_place", "document_id", "start_cp", "end_cp"),
        Index("ix_span_actor", "actor_id", "state", "document_id", sqlite_where=text("actor_id IS NOT NULL")),
        Index(
            "ix_span_unlinked",
            "quote",
            "label_id",
            "state",
            "document_id",
            "actor_id",  # always null here, but without it the rows themselves would be read
            sqlite_where=text(f"actor_id IS NULL AND length(quote) <= {LONGEST_NAME_CP}"),
        ),
        Index("ix_span_judged", "label_id", "state", "document_id", sqlite_where=text(JUDGED)),
        Index("ix_span_undecided", "label_id", "quote", sqlite_where=text("state = 'suggested'")),
        Index("ix_span_scored", "label_id", "score", "document_id", sqlite_where=text("state = 'suggested'")),
        Index(
            "ix_span_decided_words",
            "quote",
            "label_id",
            "state",
            "actor_id",
            "document_id",
            "decided_at",
            sqlite_where=text(DECIDED_HERE),
        ),
    )
    id = column(int, primary_key=True)
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"))
    label_id = column(int, ForeignKey("label.id"), index=True)
    state = column(str)
    origin = column(str)
    start_cp = column(int)
    end_cp = column(int)
    quote = column(str)
    score = nullable(float)
    run_id = nullable(int, ForeignKey("suggester_run.id"))
    reason = column(str, default="")
    actor_id = nullable(int, ForeignKey("actor.id"))
    analyst_id = nullable(int, ForeignKey("analyst.id"))
    note = column(str, default="")
    is_flagged = column(bool, default=False)
    created_at = column(str)
    decided_at = nullable(str)


class Fragment(Base):
    """One contiguous part of a span."""

    __tablename__ = "fragment"
    __table_args__ = (
        _range(),
        CheckConstraint("position >= 0", name="position"),
    )
    __has_rowid__ = False
    span_id = column(int, ForeignKey("span.id", ondelete="CASCADE"), primary_key=True)
    position = column(int, primary_key=True)
    start_cp = column(int)
    end_cp = column(int)


class SpanField(Base):
    """The value of a codebook field on a span."""

    __tablename__ = "span_field"
    __has_rowid__ = False
    span_id = column(int, ForeignKey("span.id", ondelete="CASCADE"), primary_key=True)
    field_id = column(int, ForeignKey("field.id"), primary_key=True)
    value = column(str)


class Link(Base):
    """A directed, typed connection between two spans of one document."""

    __tablename__ = "link"
    __table_args__ = (
        *_decision(),
        CheckConstraint("from_id <> to_id", name="two_ends"),
        UniqueConstraint("from_id", "to_id", "type_id"),
        Index("ix_link_document", "document_id"),
        Index("ix_link_to", "to_id"),
    )
    id = column(int, primary_key=True)
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"))
    type_id = column(int, ForeignKey("link_type.id"))
    from_id = column(int, ForeignKey("span.id", ondelete="CASCADE"))
    to_id = column(int, ForeignKey("span.id", ondelete="CASCADE"))
    state = column(str)
    origin = column(str)
    score = nullable(float)
    run_id = nullable(int, ForeignKey("suggester_run.id"))
    analyst_id = nullable(int, ForeignKey("analyst.id"))
    decided_at = nullable(str)


class Reviewed(Base):
    """A stretch that an analyst declared complete."""

    __tablename__ = "reviewed"
    __table_args__ = (
        _range(),
        Index("ix_reviewed_document", "document_id", "start_cp"),
    )
    id = column(int, primary_key=True)
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"))
    start_cp = column(int)
    end_cp = column(int)
    analyst_id = column(int, ForeignKey("analyst.id"))
    at = column(str)


class Stretch(Base):
    """What is known of a part of a text that is no annotation: a page, or left out of the work."""

    __tablename__ = "stretch"
    __table_args__ = (
        _range(),
        _one_of("kind", StretchKind),
        Index("ix_stretch_document", "document_id", "start_cp"),
    )
    id = column(int, primary_key=True)
    document_id = column(int, ForeignKey("document.id", ondelete="CASCADE"))
    kind = column(str)
    start_cp = column(int)
    end_cp = column(int)
    value = column(str, default="")
    analyst_id = nullable(int, ForeignKey("analyst.id"))
    at = column(str)


class ChangeSet(Base):
    """One operation: who, when, on what, in how long; `effect_id` is the set that holds its effect now."""

    __tablename__ = "change_set"
    __table_args__ = (
        CheckConstraint("status IN ('applied', 'undone', 'discarded')", name="status_known"),
        Index("ix_change_set_undo", "status", "is_undoable", "id"),
    )
    id = column(int, primary_key=True)
    operation = column(str)
    at = column(str)
    analyst_id = nullable(int, ForeignKey("analyst.id"))
    document_id = nullable(int)
    took_ms = nullable(int)
    is_undoable = column(bool)
    status = column(str, default="applied")
    effect_id = nullable(int)


class Change(Base):
    """One changed row of a set: its values before (`None`: it is new) and after (`None`: it is gone).

    `row_id` is `None` for a batch of rows added (`after` is a list of them) or removed (`before` is).
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_set_id", "set_id", "position"),
        Index("ix_change_row", "entity", "row_id", sqlite_where=text("row_id IS NOT NULL")),
        Index("ix_change_moved", "entity", "row_id", sqlite_where=text(MOVED)),
    )
    id = column(int, primary_key=True)
    set_id = column(int, ForeignKey("change_set.id", ondelete="CASCADE"))
    position = column(int)
    entity = column(str)
    row_id = nullable(int)
    before: ColumnElement[Any] = Column(JSON(none_as_null=True), nullable=True)
    after: ColumnElement[Any] = Column(JSON(none_as_null=True), nullable=True)
