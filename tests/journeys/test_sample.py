"""The whole job on the sample, by keyboard only, in an empty home, and again the next day."""

import pytest

pytestmark = pytest.mark.journey


def test_a_day_at_the_keyboard_and_the_next_morning(home, play):
    first = {told["page"]: told for told in play("first_day").told}

    assert first["welcome"]["is_welcome"]
    assert "suggested" in {state for _quote, state in first["sample"]["states"].values()}
    states = [state for _quote, state in first["decided"]["states"].values()]
    assert (states.count("rejected") >= 1, states.count("confirmed") >= 2) == (True, True)
    assert first["labelled"]["focus"] == ["sea", "confirmed"]
    assert first["undone"]["focus"] == [first["speaker"]["claim"], "suggested"]
    assert first["redone"]["states"] == first["speaker"]["states"]
    assert first["next"]["document"] != first["sample"]["document"]
    assert {told["saved"] for told in first.values() if "saved" in told} == {"● saved"}

    second = {told["page"]: told for told in play("second_day").told}
    back = second["back"]
    for name in ("title", "document", "focus", "scroll", "cursor", "size", "states"):
        assert back[name] == first["last"][name], name
    assert back["scroll"] > 0

    assert second["first document"]["states"] == first["redone"]["states"]
    assert second["undone"]["document"] == first["last"]["document"]
    assert second["undone"]["focus"][1] == "suggested"
    assert second["redone"]["states"] == first["last"]["states"]

    project = home.folder / "data" / "Sayso" / "Sample.sayso"
    exported = {document["title"]: document for document in home.export(project)}
    for page in ("redone", "next", "last"):
        spans = exported[first[page]["document"]]["spans"]
        assert {span["id"]: [span["quote"], span["state"]] for span in spans} == first[page]["states"]
    (first_title,) = {first["redone"]["document"]}
    assert [s["note"] for s in exported[first_title]["spans"] if s["note"]] == ["Ask the desk"]
    assert exported[first_title]["reviewed"]
    checked = home.command("check", project)
    assert checked.returncode == 0, checked.stdout
