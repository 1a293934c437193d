"""Mending what a check found: each repair is explained, made after a backup, and journaled where annotation changes.

All that one round changes in the annotation is one entry of the change log, so that one undo takes it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from storage import tables as t
from storage.anchoring import anchored
from storage.backup import back_up, backups_of
from storage.counts import PROGRESS_COUNTED
from storage.doctor import Progress, examine
from storage.driver import open_raw
from storage.entities import DOCUMENT, ENTITIES, LINK, REVIEWED, SPAN, Image, fold
from storage.errors import StaleEditError
from storage.findings import Finding, Repair
from storage.keys import database_errors
from storage.project import ChangeScope, Project
from storage.records import Changes, Fragment
from storage.replay import REPAIR, logged_images
from storage.search_index import make_anew, update_index
from storage.text import sha256_of
from storage.thinning import Reason

#: Mending one thing lets the check see the next; more rounds than these are of no use.
ROUNDS = 4

_DOCUMENT, _TEXT, _ALIAS = t.Document.__table__.c, t.DocumentText.__table__.c, t.ActorAlias.__table__.c


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What was mended and what could not be; `changes` are those of each round, to be announced."""

    mended: tuple[Finding, ...]
    left: tuple[Finding, ...]
    changes: tuple[Changes, ...]


def repair_all(project: Project, progress: Progress = lambda _what, _done, _total: None) -> RepairReport:
    """Check a project and mend what can be mended, until a check finds nothing more that can; a backup is made first.

    Raises:
        BackupError: no backup could be made; nothing was changed.
        StorageFullError: the disk refuses; what was mended before stays.
    """
    mended: list[Finding] = []
    changes: list[Changes] = []
    findings = examine(project, progress)
    for _ in range(ROUNDS):
        if not any(finding.repair for finding in findings):
            break
        if not changes:
            back_up(project.path, Reason.REPAIR, key=project.key)
        round_ = _Round(project, findings)
        changes.append(round_.mend())
        mended += round_.mended
        findings = examine(project, progress)
        if not round_.mended:
            break
    return RepairReport(tuple(mended), tuple(findings), tuple(changes))


class _Round:
    """Mends findings: the file before texts, texts before rows, rows before what follows from them."""

    def __init__(self, project: Project, findings: Sequence[Finding]) -> None:
        self._project = project
        self._findings = list({(f.repair, f.entity, f.row_id): f for f in findings}.values())
        self.mended: list[Finding] = []

    def mend(self) -> Changes:
        """Do everything; return what changed in the annotation."""
        self._plainly(Repair.FILE_INDEX, lambda scope: scope.connection.exec_driver_sql("REINDEX"))
        for finding in self._of(Repair.FROM_BACKUP):
            if _bring_text_back(self._project, finding.row_id):
                self.mended.append(finding)
        self._recount()  # else the counts that go along with the rows could fall below nothing
        changes = self._mend_rows()
        self._recount()
        self.mended += self._of(Repair.RECOUNT)
        self._plainly(Repair.ALIASES, _fold_aliases)
        if self._of(Repair.WORD_INDEX):
            make_anew(self._project)
            update_index(self._project)
            self.mended += self._of(Repair.WORD_INDEX)
        return changes

    def _mend_rows(self) -> Changes:
        from_log = self._of(Repair.FROM_LOG)
        logged = logged_images(self._project, [(f.entity, f.row_id) for f in from_log]) if from_log else {}
        parents_first = list(ENTITIES)
        from_log.sort(key=lambda finding: parents_first.index(finding.entity))
        with self._project.change(REPAIR) as scope:
            for finding in from_log:
                self._try(scope, finding, partial(_put_back, scope, finding, logged[finding.entity, finding.row_id]))
            # A row that is back as the log has it may be what the others lacked: the next round sees.
            row_repairs = {} if any(f.repair is Repair.FROM_LOG for f in self.mended) else _ROW_REPAIRS
            for repair, mend in row_repairs.items():
                for finding in self._of(repair):
                    self._try(scope, finding, partial(mend, scope, finding.row_id))
        return scope.changes

    def _of(self, repair: Repair) -> list[Finding]:
        return [finding for finding in self._findings if finding.repair is repair]

    def _recount(self) -> None:
        with self._project.change("recount", is_undoable=False) as scope:
            _recount(scope)

    def _plainly(self, repair: Repair, mend: Callable[[ChangeScope], object]) -> None:
        """Mend what follows from other rows, once for all findings; no annotation changes, so nothing is logged."""
        found = self._of(repair)
        if found:
            with self._project.change(repair.value, is_undoable=False) as scope:
                mend(scope)
            self.mended += found

    def _try(self, scope: ChangeScope, finding: Finding, mend: Callable[[], bool]) -> None:
        """Mend one finding, wholly or not at all."""
        logged = len(scope.journal.changes)
        try:
            with scope.connection.begin_nested():
                is_mended = mend()
        except (StaleEditError, IntegrityError):  # it went with another one, or lacks something: the next check tells
            del scope.journal.changes[logged:]
            return
        if is_mended:
            self.mended.append(finding)


def _put_back(scope: ChangeScope, finding: Finding, image: Image | None) -> bool:
    entity = ENTITIES[finding.entity]
    if image is None:
        return False
    if scope.journal.image(entity, finding.row_id) is None:
        for children in entity.children.values():  # which may have outlived it
            own = children.table.c[children.parent] == finding.row_id
            scope.connection.execute(delete(children.table).where(own))
        scope.journal.insert(entity, entity.complete(image))
        return True
    values = {name: value for name, value in image.items() if name in entity.names and name != "id"}
    return scope.journal.update(entity, finding.row_id, values)


def _set_length(scope: ChangeScope, document_id: int) -> bool:
    content = scope.connection.execute(select(_TEXT.text).where(_TEXT.document_id == document_id)).scalar_one()
    return scope.journal.update(DOCUMENT, document_id, {"length_cp": len(content)})


def _reanchor(scope: ChangeScope, span_id: int) -> bool:
    image = scope.journal.image(SPAN, span_id)
    if image is None:
        return False
    query = select(_TEXT.text).where(_TEXT.document_id == image["document_id"])
    fragments = anchored(
        scope.connection.execute(query).scalar_one(), image["quote"], image["fragments"], image["start_cp"]
    )
    return fragments is not None and _place(scope, span_id, fragments)


def _envelop(scope: ChangeScope, span_id: int) -> bool:
    image = scope.journal.image(SPAN, span_id)
    fragments = [Fragment(*fragment) for fragment in image["fragments"]] if image else []
    return bool(fragments) and _place(scope, span_id, fragments)


def _place(scope: ChangeScope, span_id: int, fragments: Sequence[Fragment]) -> bool:
    values = {"fragments": [list(f) for f in fragments], "start_cp": fragments[0][0], "end_cp": fragments[-1][1]}
    return scope.journal.update(SPAN, span_id, values)


def _let_go(scope: ChangeScope, span_id: int) -> bool:
    return scope.journal.update(SPAN, span_id, {"actor_id": None})


def _drop_link(scope: ChangeScope, link_id: int) -> bool:
    scope.journal.delete(LINK, link_id)
    return True


def _join_reviewed(scope: ChangeScope, document_id: int) -> bool:
    """Put stretches that are sorted, disjoint and within the text in the place of those that are not."""
    stretch = t.Reviewed.__table__.c
    query = select(*stretch).where(stretch.document_id == document_id).order_by(stretch.start_cp, stretch.id)
    rows = scope.connection.execute(query).all()
    length_cp = scope.connection.execute(select(_DOCUMENT.length_cp).where(_DOCUMENT.id == document_id)).scalar_one()
    joined: list[Image] = []
    for row in rows:
        start_cp, end_cp = row.start_cp, min(row.end_cp, length_cp)
        if joined and start_cp <= joined[-1]["end_cp"]:
            joined[-1]["end_cp"] = max(joined[-1]["end_cp"], end_cp)
        elif start_cp < end_cp:
            image = {"document_id": document_id, "analyst_id": row.analyst_id, "at": row.at}
            joined.append(image | {"start_cp": start_cp, "end_cp": end_cp})
    scope.journal.delete_many(REVIEWED, [row.id for row in rows])
    for image in joined:
        scope.journal.insert(REVIEWED, image)
    return True


#: The repairs of single rows, in the order in which they are done.
_ROW_REPAIRS: dict[Repair, Callable[[ChangeScope, int], bool]] = {
    Repair.LENGTH: _set_length,
    Repair.REANCHOR: _reanchor,
    Repair.ENVELOPE: _envelop,
    Repair.LET_GO: _let_go,
    Repair.DROP_LINK: _drop_link,
    Repair.REVIEWED: _join_reviewed,
}


def _recount(scope: ChangeScope) -> None:
    scope.connection.exec_driver_sql("DELETE FROM document_progress")
    scope.connection.exec_driver_sql(
        f"INSERT INTO document_progress (document_id, undecided, decided, reviewed_cp) {PROGRESS_COUNTED}"
    )


def _fold_aliases(scope: ChangeScope) -> None:
    for actor_id, alias in scope.connection.execute(select(_ALIAS.actor_id, _ALIAS.alias)).all():
        own = (_ALIAS.actor_id == actor_id) & (_ALIAS.alias == alias)
        scope.connection.execute(update(t.ActorAlias).where(own).values(folded=fold(alias)))


def _bring_text_back(project: Project, document_id: int) -> bool:
    """Take a text from the newest backup where it has the hash that was noted at the import; texts never change."""
    with project.reading() as connection:
        wanted = connection.execute(select(_DOCUMENT.sha256).where(_DOCUMENT.id == document_id)).scalar()
    found = next(iter(texts_in_backups(project, document_id, wanted or "")), None)
    if found is None:
        return False
    with project.change("text from backup", is_undoable=False) as scope:
        values = {"id": document_id, "text": found}
        scope.connection.execute(text("INSERT OR REPLACE INTO document_text VALUES (:id, :text)"), values)
    return True


def texts_in_backups(project: Project, document_id: int, sha256: str) -> Iterable[str]:
    """Yield the texts of this hash that the backups of a project have for a document, newest first."""
    for backup in backups_of(project.path):
        try:
            with closing(open_raw(backup.path, "still", project.key)) as connection:
                query = "SELECT text FROM document_text WHERE document_id = ?"
                row = connection.execute(query, (document_id,)).fetchone()
        except database_errors():
            continue
        if row is not None and isinstance(row[0], str) and sha256_of(row[0]) == sha256:
            yield row[0]
