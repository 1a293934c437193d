from __future__ import annotations

from dataclasses import replace

from storage import codebooks, history, queries
from storage.codebook_merge import plan_merge
from storage.operations.codebook_import import import_codebook
from storage.records import (
    Codebook,
    FieldRecord,
    FieldType,
    LabelKind,
    LabelRecord,
    LabelSettings,
    LinkTypeRecord,
)

ACTOR, CLAIM = LabelKind.ACTOR, LabelKind.CLAIM
STATE = LabelRecord(1, ACTOR, "State", "state", "blue", "1", "A state.", position=0)
PERSON = LabelRecord(2, ACTOR, "Person", "person", "teal", "2", position=1)
SPEAKER = LinkTypeRecord(1, "speaker", "Speaker", CLAIM, ACTOR)
STANCE = FieldRecord(1, "Stance", CLAIM, FieldType.CHOICE, ("for", "against"))
HERE = Codebook((STATE, PERSON), (SPEAKER,), (STANCE,))


def test_the_same_codebook_changes_nothing() -> None:
    plan = plan_merge(HERE, HERE)
    assert not plan.has_effect
    assert len(plan.left) == 4
    assert plan.kept == ()


def test_new_entries_come_after_those_that_are_there() -> None:
    new = LabelRecord(1, ACTOR, "Party", "party", "rose", "3")
    plan = plan_merge(HERE, Codebook((new,)))
    assert plan.added == ("actor label “Party”",)
    assert plan.new.labels == (replace(new, id=0, position=2),)
    assert set(plan.kept) == {
        "actor label “State”",
        "actor label “Person”",
        "link type “Speaker”",
        "claim field “Stance”",
    }


def test_entries_with_the_same_name_are_renewed_and_lose_nothing() -> None:
    incoming = Codebook(
        (LabelRecord(1, ACTOR, "state", None, "rose"),),
        (replace(SPEAKER, name="Claimant"),),
        (replace(STANCE, choices=("for", "neutral"), definition="How?"),),
    )
    plan = plan_merge(HERE, incoming)
    assert plan.renewed.labels == (replace(STATE, name="state", colour="rose"),)
    assert plan.renewed.link_types[0].name == "Claimant"
    assert plan.renewed.fields == (replace(STANCE, choices=("for", "neutral", "against"), definition="How?"),)
    assert plan.changed[0] == "actor label “state”: name, colour"


def test_a_key_that_another_label_keeps_is_not_taken() -> None:
    plan = plan_merge(HERE, Codebook((LabelRecord(1, ACTOR, "Party", "person", "rose", "1"),)))
    assert plan.new.labels[0].key is None
    assert plan.new.labels[0].code is None
    assert plan.added == (
        "actor label “Party”: without the key 1, which belongs to “State”; "
        "without the code person, which belongs to “Person”",
    )


def test_keys_may_change_hands_within_the_file() -> None:
    plan = plan_merge(HERE, Codebook((replace(STATE, key="2"), replace(PERSON, key="1"))))
    assert [label.key for label in plan.renewed.labels] == ["2", "1"]


def test_who_is_refused_a_key_keeps_the_former_one_from_others() -> None:
    third = LabelRecord(3, ACTOR, "Group", None, "orange", "3", position=2)
    here = replace(HERE, labels=(STATE, PERSON, third))
    plan = plan_merge(here, Codebook((replace(STATE, key="2"), replace(PERSON, key="3"))))
    assert plan.renewed.labels == ()
    assert plan.left == (
        "actor label “State”: without the key 2, which belongs to “Person”",
        "actor label “Person”: without the key 3, which belongs to “Group”",
    )


def test_what_would_break_links_or_values_is_left_with_the_reason() -> None:
    incoming = Codebook((), (replace(SPEAKER, to_kind=CLAIM),), (replace(STANCE, type=FieldType.DATE, choices=()),))
    plan = plan_merge(HERE, incoming)
    assert not plan.has_effect
    assert plan.left == (
        "link type “Speaker”: here it goes from claim to actor",
        "claim field “Stance”: here it is a choice, in the file a date",
    )


def test_an_import_does_what_the_plan_says_and_one_undo_takes_it_back(project) -> None:
    before = queries.codebook(project)
    incoming = codebooks.starter("political-claims").codebook
    plan = plan_merge(before, incoming)
    changes = import_codebook(project, incoming)
    assert changes.is_codebook_changed
    after = queries.codebook(project)
    assert len(after.labels) == len(before.labels) + len(plan.new.labels)
    assert {label.name for label in incoming.labels} <= {label.name for label in after.labels}
    again = plan_merge(after, incoming)
    assert not again.has_effect
    assert import_codebook(project, incoming).set_id is None
    history.undo(project)
    assert queries.codebook(project) == before
    history.redo(project)
    assert queries.codebook(project) == after


def test_keys_change_hands_in_the_database_too(project) -> None:
    before = queries.codebook(project)
    first, second = before.labels[:2]
    swapped = Codebook((replace(first, key=second.key), replace(second, key=first.key)))
    import_codebook(project, swapped)
    assert [label.key for label in queries.codebook(project).labels[:2]] == [second.key, first.key]
    history.undo(project)
    assert queries.codebook(project) == before


def test_how_suggestions_are_made_comes_along_and_goes_with_an_undo(project) -> None:
    before = queries.codebook(project)
    state, party = LabelRecord(1, ACTOR, "state", "state", "blue", "1"), LabelRecord(2, ACTOR, "Party")
    settings = {1: LabelSettings(0.4), 2: LabelSettings(0.0, is_remembered=False)}
    incoming = Codebook((state, party), settings=settings, cue_kinds=("speech",), is_remembering=False)
    told = plan_merge(before, incoming).changed
    assert told[-3:] == (
        "how suggestions of the actor label “state” are treated",
        "what counts as a claim: speech",
        "confirmed words are no longer looked for elsewhere",
    )
    import_codebook(project, incoming)
    after = queries.codebook(project)
    by_name = {label.name: after.settings_of(label.id) for label in after.labels}
    assert (by_name["state"], by_name["Party"]) == (settings[1], settings[2])
    assert (after.cue_kinds, after.is_remembering) == (("speech",), False)
    assert plan_merge(after, incoming).has_effect is False
    history.undo(project)
    assert queries.codebook(project) == before
