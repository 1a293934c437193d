from __future__ import annotations

from dataclasses import replace

import pytest

from storage import codebook_rules as rules
from storage.errors import RefusedInputError
from storage.records import Codebook, FieldRecord, FieldType, LabelKind, LabelRecord, LinkTypeRecord

ACTOR, CLAIM, CUE = LabelKind.ACTOR, LabelKind.CLAIM, LabelKind.CUE
STATE = LabelRecord(1, ACTOR, "State", "state", "blue", "1")
PERSON = LabelRecord(2, ACTOR, "Person", "person", "teal", "2")
STANCE = FieldRecord(1, "Stance", CLAIM, FieldType.CHOICE, ("for", "against"))
SPEAKER = LinkTypeRecord(1, "speaker", "Speaker", CLAIM, ACTOR)
BOOK = Codebook((STATE, PERSON), (SPEAKER,), (STANCE,))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": " state "}, r"“State” of kind actor"),
        ({"name": "  "}, "has a name"),
        ({"name": "x" * 101}, "longer than 100"),
        ({"key": "1"}, r"key 1 belongs to “State”"),
        ({"key": "0"}, "none of 1 to 9"),
        ({"code": "state"}, r"“state” belongs to “State”"),
        ({"code": "Two words"}, "not one word"),
        ({"colour": "pink"}, "none of blue"),
        ({"definition": "a\0b"}, "NUL"),
        ({"examples": "\ud800"}, "half a character"),
    ],
)
def test_labels_that_clash_are_refused_with_the_reason(changes, reason) -> None:
    with pytest.raises(RefusedInputError, match=reason):
        rules.check_label(BOOK, replace(PERSON, **changes))


def test_a_label_may_stay_as_it_is_and_share_its_name_with_one_of_another_kind() -> None:
    assert rules.check_label(BOOK, STATE) == STATE
    added = rules.check_label(BOOK, LabelRecord(0, CLAIM, "  State \n claim", key=""))
    assert (added.name, added.key) == ("State claim", None)
    assert rules.check_label(BOOK, LabelRecord(0, CLAIM, "State")).name == "State"


def test_what_an_import_named_oddly_can_still_be_given_a_colour() -> None:
    odd = LabelRecord(3, ACTOR, "x" * 300)
    book = replace(BOOK, labels=(*BOOK.labels, odd))
    assert rules.check_label(book, replace(odd, colour="rose")).colour == "rose"
    link_type = LinkTypeRecord(2, "Is About", "Is About", CLAIM, ACTOR)
    book = replace(BOOK, link_types=(SPEAKER, link_type))
    assert rules.check_link_type(book, replace(link_type, name="About")).code == "Is About"


def test_what_is_new_has_a_name() -> None:
    with pytest.raises(RefusedInputError, match="A label has a name"):
        rules.check_label(BOOK, LabelRecord(0, CLAIM, ""))
    with pytest.raises(RefusedInputError, match="A field has a name"):
        rules.check_field(BOOK, FieldRecord(0, "", CLAIM))


def test_link_types_are_told_apart_by_code_and_name() -> None:
    for clash in ({"code": "speaker"}, {"name": "SPEAKER"}, {"code": "No Code"}):
        with pytest.raises(RefusedInputError):
            rules.check_link_type(BOOK, replace(LinkTypeRecord(0, "rival", "Rival", CLAIM, ACTOR), **clash))


def test_choices_are_tidied_and_differ() -> None:
    field = rules.check_field(BOOK, FieldRecord(0, "Tone", CLAIM, FieldType.CHOICE, (" calm ", "", "angry")))
    assert field.choices == ("calm", "angry")
    assert rules.check_field(BOOK, replace(field, type=FieldType.TEXT)).choices == ()
    with pytest.raises(RefusedInputError, match="“Calm” stands there twice"):
        rules.check_field(BOOK, replace(field, choices=("calm", "Calm")))
    with pytest.raises(RefusedInputError, match="field “Stance” of claim spans"):
        rules.check_field(BOOK, replace(field, name="stance"))


def test_a_choice_is_renamed_only_in_its_place() -> None:
    assert rules.renamed_choices(STANCE, replace(STANCE, choices=("pro", "against"))) == {"for": "pro"}
    assert rules.renamed_choices(STANCE, replace(STANCE, choices=("against", "for"))) == {}
    assert rules.renamed_choices(STANCE, replace(STANCE, choices=("pro",))) == {}


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        (FieldType.CHOICE, "for", "pro"),
        (FieldType.DATE, "2026-03-01", "March"),
        (FieldType.NUMBER, "-3.5", "nan"),
        (FieldType.TEXT, "anything", None),
    ],
)
def test_values_fit_their_type(type_, good, bad) -> None:
    field = replace(STANCE, type=type_)
    assert rules.fits(field, good)
    assert bad is None or not rules.fits(field, bad)


def test_codes_keys_and_colours_that_are_free_are_found() -> None:
    assert rules.code_from("Object actor!", []) == "object-actor"
    assert rules.code_from("Speaker", ["speaker", "speaker-2"]) == "speaker-3"
    assert rules.code_from("质疑", []) == "type"
    assert rules.free_key(BOOK) == "3"
    assert rules.free_colour(BOOK, ACTOR) == "violet"
    assert rules.free_colour(BOOK, CUE) == "grey"
