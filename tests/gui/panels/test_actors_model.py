from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from gui.panels.actors_index import ActorIndex
from gui.panels.actors_model import ActorsModel, WordsModel
from gui.panels.mentions_model import PAGE, MentionsModel
from storage.records import Codebook, LabelKind, LabelRecord, State
from storage.registry_records import ActorEntry, MentionCount, MentionLine, WordGroup

CODEBOOK = Codebook((LabelRecord(3, LabelKind.ACTOR, "Person", colour="teal"),))


@pytest.fixture
def actors(qapp) -> ActorsModel:
    model = ActorsModel()
    model.set_codebook(CODEBOOK)
    model.set_entries([ActorEntry(1, "Sergey Taval", 3, ("S. Taval",)), ActorEntry(2, "Orsk")])
    return model


def test_a_row_tells_name_type_names_and_counts(actors) -> None:
    actors.set_counts({1: MentionCount(1200, 7)}, {1: 4})
    row = actors.row_of(1)
    assert actors.face(row) == ("Sergey Taval", "1,200", "Person · S. Taval", "+4", "teal", False)
    assert actors.face(actors.row_of(2)) == ("Orsk", "", "no type", "", None, False)
    told = actors.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Sergey Taval, 1,200 mentions, Person · S. Taval, +4 to be linked"
    assert actors.index(actors.row_of(2)).data(Qt.ItemDataRole.AccessibleTextRole) == "Orsk, no mentions, no type"


def test_what_is_filtered_out_has_no_row(actors) -> None:
    actors.set_filter("taval")
    assert [actors.actor_at(row) for row in range(actors.rowCount())] == [1]
    assert (actors.row_of(2), actors.row_of(None)) == (None, None)
    actors.update_entries([ActorEntry(2, "Tavala")], ())
    assert actors.rowCount() == 2


def test_words_are_found_by_themselves_and_by_who_is_proposed(qapp) -> None:
    index = ActorIndex()
    index.replace([ActorEntry(1, "Sergey Taval"), ActorEntry(2, "Zhao Lin"), ActorEntry(3, "Zhao Wei")])
    words = WordsModel(index)
    words.set_codebook(CODEBOOK)
    groups = [
        WordGroup("the spokesman", ("the spokesman",), 3, 4, 0, (1,)),
        WordGroup("Zhao", ("Zhao",), 3, 2, 0, (2, 3)),
        WordGroup("Orsk", ("Orsk",), 9, 1),
    ]
    words.set_groups(groups)
    assert [words.face(row).below for row in range(3)] == ["→ Sergey Taval", "Zhao Lin or Zhao Wei?", "new · "]
    assert words.face(1).is_question
    words.set_filter("taval")
    assert [words.group_at(row) for row in range(words.rowCount())] == groups[:1]
    words.set_filter("")
    words.drop(groups[0])
    assert (words.row_of("the spokesman"), words.row_of("Orsk")) == (None, 1)


def _line(ident: int) -> MentionLine:
    return MentionLine(ident, 1, "Brief", "said ", f"Orsk {ident}", ".", 3, State.CONFIRMED, None)


def test_only_the_mentions_that_are_looked_at_are_read(qapp) -> None:
    read: list[int] = []

    def load(ids):
        read.append(len(ids))
        return {ident: _line(ident) for ident in ids}

    model = MentionsModel()
    model.set_mentions([1, 2], range(10, 5010), load)
    assert model.rowCount() == 5002
    assert read == []
    assert model.line(0).words == "Orsk 1"
    assert model.line(1).words == "Orsk 2"
    assert model.line(5001).words == "Orsk 5009"
    assert read == [PAGE, 5002 % PAGE or PAGE]
    assert (model.is_waiting(1), model.is_waiting(2)) == (True, False)


def test_the_same_mentions_keep_what_is_selected_and_are_read_again(qapp) -> None:
    model = MentionsModel()
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_mentions([1], [2], lambda ids: {ident: _line(ident) for ident in ids})
    model.line(0)
    assert not model.set_mentions([1], [2], lambda _ids: {})
    assert model.line(0) is None
    assert model.index(0).data() == ""
    assert resets == [1]
