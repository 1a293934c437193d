"""Joins the panel of actors to the open project: what it shows, and how it follows what is committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.latest import Latest
from gui.registry.actor_actions import ActorActions
from gui.registry.hand import Hand
from gui.registry.mention_actions import MentionActions
from gui.registry.words_actions import WordsActions
from gui.timers import single_shot
from storage.records import Changes, LabelKind
from storage.registry_records import MentionLine, MentionPlaces, RegistrySurvey, WordGroup

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.panels.actors import ActorsPanel
    from gui.session import Session

#: Counting goes through the whole project, so it waits until a burst of decisions is over.
_SURVEY_MS = 400
#: While one types, the card of what answers best waits until the typing pauses.
_TYPING_MS = 120
_NAMES_TOLD = 2


class RegistryController(QObject):
    """Reads for the panel while it is on screen; `actors`, `words` and `mentions` write.

    `mention_requested` asks for a document and a span in it, `told` carries a hint for the status bar.
    """

    mention_requested = Signal(int, int)
    told = Signal(str)

    def __init__(self, window: QWidget, panel: ActorsPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._session: Session | None = None
        self._survey = RegistrySurvey()
        self._waiting: dict[int, list[WordGroup]] = {}
        self._is_read = self._is_surveyed = False
        self._counting = Latest(self)
        self._counting.failed.connect(self.told)
        self._counting.ended.connect(self._count_again)
        self._surveying = single_shot(self, _SURVEY_MS, self._start_survey)
        self._detailing = single_shot(self, 0, self._show_details)
        self._typing = single_shot(self, _TYPING_MS, self._show_details)
        self.hand = Hand(window, panel)
        self.hand.told.connect(self.told)
        self.hand.mention_requested.connect(self.mention_requested)
        self.hand.words_decided.connect(self._forget_words)
        self.actors = ActorActions(self.hand, panel, self.waiting_for)
        self.words = WordsActions(self.hand, panel)
        self.mentions = MentionActions(self.hand, panel)
        panel.appeared.connect(self._catch_up)
        panel.actor_selected.connect(lambda _actor_id: self._follow_selection())
        panel.words_selected.connect(lambda _group: self._follow_selection())
        panel.search.deserted.connect(self._show_what_is_typed)

    @property
    def is_settled(self) -> bool:
        """Whether all that is shown is as committed last: nothing is being counted, linked or about to be read."""
        is_waiting = any(timer.isActive() for timer in (self._surveying, self._detailing, self._typing))
        return self._is_surveyed and not self._counting.is_busy and not is_waiting and not self.words.is_busy

    def waiting_for(self, actor_id: int) -> Sequence[WordGroup]:
        """Return the words of no actor that this one goes by, as last counted."""
        return self._waiting.get(actor_id, ())

    def work_on(self, session: Session | None) -> None:
        """Show the registry of this project from now on; `None` lets go of it, waiting for what still reads it."""
        if self._session is not None:
            self._session.changed.disconnect(self._follow)
        self._counting.finish()
        for timer in (self._surveying, self._detailing, self._typing):
            timer.stop()
        self.words.work_on(session)
        self.hand.chooser.finder.cancel()
        self._session = self.hand.session = session
        self._is_read = self._is_surveyed = False
        self._panel.search.clear()
        self._panel.actors_model.set_entries(())
        self._take_survey(RegistrySurvey())
        if session is not None:
            session.changed.connect(self._follow)
            if self._panel.isVisible():
                self._catch_up()

    def show_actor(self, actor_id: int) -> None:
        """Select an actor and put the keyboard on it; the panel is to be on screen."""
        self._catch_up()
        self._panel.go_to_actor(actor_id)
        self._panel.enter()

    def show_unlinked(self) -> None:
        """Show the mentions that belong to no actor; the panel is to be on screen."""
        self._catch_up()
        self._panel.show_mode(is_on_words=True)
        self._panel.enter()

    # -- reading ------------------------------------------------------------------------------------------------------

    def _catch_up(self) -> None:
        """Read what was not read while the panel was hidden."""
        if self._session is None:
            return
        if not self._is_read:
            from storage.registry_queries import actor_entries

            self._is_read = True
            self._take_codebook()
            self._panel.actors_model.set_entries(self._session.ask(actor_entries) or [])
            self._tell_totals()
        if not self._is_surveyed and not self._counting.is_busy:
            self._surveying.start()
        self._show_details()

    def _follow(self, changes: Changes) -> None:
        """Take over a committed operation: the actors it touched at once, counts when there is time."""
        if self._session is None or not self._is_read:
            return
        if changes.is_codebook_changed:
            self._take_codebook()
        if changes.actors:
            self._read_actors(changes.actors)
        if changes.spans or changes.actors or changes.are_documents_listed_anew or changes.is_codebook_changed:
            self._is_surveyed = False
            if self._panel.isVisible():
                self._detailing.start()
                if not self._surveying.isActive():
                    self._surveying.start()

    def _read_actors(self, actor_ids: frozenset[int]) -> None:
        from storage.registry_queries import actor_entries

        assert self._session is not None  # noqa: S101  (followed only while a project is open)
        entries = self._session.ask(actor_entries, actor_ids) or []
        removed = actor_ids - {entry.id for entry in entries}
        self._panel.keep_selection(lambda: self._panel.actors_model.update_entries(entries, removed))
        self._tell_totals()

    def _take_codebook(self) -> None:
        assert self._session is not None  # noqa: S101
        codebook = self._session.codebook
        self._panel.set_codebook(codebook)
        self._panel.card.set_labels([label for label in codebook.labels if label.kind == LabelKind.ACTOR])
        self.hand.chooser.know(codebook, self._survey.counts)

    def _start_survey(self) -> None:
        """Count on a thread of its own; what is committed meanwhile is counted next."""
        if self._session is None or self._counting.is_busy:
            return
        from storage.registry_queries import survey_registry

        project = self._session.project
        self._is_surveyed = True
        self._counting.start(lambda _proceed: survey_registry(project), self._counted)

    def _counted(self, survey: RegistrySurvey) -> None:
        self._take_survey(survey)
        self._show_details()

    def _count_again(self) -> None:
        """Count what was committed meanwhile."""
        if not self._is_surveyed and self._panel.isVisible():
            self._surveying.start()

    def _take_survey(self, survey: RegistrySurvey) -> None:
        self._survey = survey
        self._waiting = {}
        for group in survey.groups:
            for actor_id in group.candidates:
                self._waiting.setdefault(actor_id, []).append(group)
        waiting = {ident: sum(group.mentions for group in groups) for ident, groups in self._waiting.items()}

        def fill() -> None:
            self._panel.actors_model.set_counts(survey.counts, waiting)
            self._panel.words_model.set_groups(survey.groups)

        self._panel.keep_selection(fill)
        self._tell_totals()
        if self._session is not None:
            self.hand.chooser.know(self._session.codebook, survey.counts)

    def _forget_words(self, group: WordGroup) -> None:
        """Leave words out of which no mention is without an actor any more, ahead of the next count."""
        if self._session is None or self._unlinked(group.forms).span_ids:
            return
        self._panel.keep_selection(lambda: self._panel.words_model.drop(group))

    def _tell_totals(self) -> None:
        groups = self._survey.groups
        clear = sum(group.mentions for group in groups if len(group.candidates) == 1)
        self._panel.tell_totals(self._panel.actors_model.total, sum(group.mentions for group in groups), clear)

    # -- what is selected ---------------------------------------------------------------------------------------------

    def _follow_selection(self) -> None:
        """Show what is selected: at once by arrows or mouse, after a pause while it changes with each letter."""
        if self._panel.search.hasFocus():
            self._typing.start()
        else:
            self._show_details()

    def _show_what_is_typed(self) -> None:
        if self._typing.isActive():
            self._show_details()

    def _show_details(self) -> None:
        self._detailing.stop()
        self._typing.stop()
        if self._session is None:
            self._panel.show_actor(None, "", is_clear=False)
        elif self._panel.is_on_words:
            self._show_words(self._panel.group)
        else:
            self._show_actor(self._panel.actor_id)

    def _show_actor(self, actor_id: int | None) -> None:
        from storage.registry_queries import actor_record, mentions_by_actor

        assert self._session is not None  # noqa: S101
        record = self._session.ask(actor_record, actor_id) if actor_id is not None else None
        if record is None or actor_id is None:
            self._panel.show_actor(None, "", is_clear=False)
            return
        groups = self.waiting_for(actor_id)
        waiting = self._unlinked([form for group in groups for form in group.forms])
        linked: MentionPlaces = self._session.ask(mentions_by_actor, actor_id) or MentionPlaces([], 0)
        self._panel.show_actor(
            record,
            self._waiting_sentence(actor_id, groups) if waiting.span_ids else "",
            is_clear=bool(waiting.span_ids) and any(len(group.candidates) == 1 for group in groups),
        )
        self._panel.show_mentions(waiting.span_ids, linked.span_ids, linked.documents, self._lines)

    def _show_words(self, group: WordGroup | None) -> None:
        index = self._panel.actors_model.index_of_actors
        self._panel.show_words(group, [index.name(actor_id) for actor_id in group.candidates] if group else [])
        if group is not None:
            self._panel.show_mentions(self._unlinked(group.forms).span_ids, [], None, self._lines)

    def _waiting_sentence(self, actor_id: int, groups: Sequence[WordGroup]) -> str:
        """Return what waits to be linked, first what can be meant for nobody else."""
        index = self._panel.actors_model.index_of_actors
        clear = [group for group in groups if len(group.candidates) == 1]
        told = []
        if clear:
            more = sum(group.mentions for group in clear)
            says = f"{more:,} more mention{'' if more == 1 else 's'} say{'s' * (more == 1)} {_listed(clear)}"
            undecided = sum(group.undecided for group in clear)
            told.append(f"{says}, {undecided:,} undecided." if undecided else f"{says}.")
        for group in groups:
            others = [index.name(other) for other in group.candidates if other != actor_id]
            if others:
                says = f"{group.mentions:,} say{'s' * (group.mentions == 1)} “{group.words}”"
                told.append(f"{says}, as {' and '.join(others)} {'is' if len(others) == 1 else 'are'} called too.")
        return " ".join(told)

    def _unlinked(self, forms: Sequence[str]) -> MentionPlaces:
        from storage.registry_queries import unlinked_mentions

        assert self._session is not None  # noqa: S101
        none = MentionPlaces([], 0)
        return (self._session.ask(unlinked_mentions, forms) or none) if forms else none

    def _lines(self, span_ids: Sequence[int]) -> Mapping[int, MentionLine]:
        from storage.registry_queries import mention_lines

        return (self._session.ask(mention_lines, span_ids) or {}) if self._session is not None else {}


def _listed(groups: Sequence[WordGroup]) -> str:
    """Return the words of groups, the first few by name."""
    named = [f"“{group.words}”" for group in groups[:_NAMES_TOLD]]
    more = len(groups) - len(named)
    if more:
        return f"{', '.join(named)} or {more} other name{'s' * (more != 1)}"
    return " or ".join(named)
