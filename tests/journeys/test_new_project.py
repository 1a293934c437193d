"""A project of one's own, from an empty file to training data, with the real worker."""

import pytest

pytestmark = pytest.mark.journey

_BRIEFS = (
    "Velmar said on Monday that Orsk would pay for the harbour. Ren Taval denied it.",
    "“We asked for radar and were sent a brochure,” said Tomas Weir, Prime Minister of the Selin Islands.",
    "According to Ilya Brandt, the navy wants two more frigates. Orsk has warned that this ends the talks.",
)


def _write_briefs(folder):
    (folder / "later").mkdir(parents=True)
    for n in range(24):
        name = f"{n:02}.txt" if n < 15 else f"later/{n:02}.md"
        (folder / name).write_text(f"Brief {n}\n\n{_BRIEFS[n % 3]}\n", encoding="utf-8")


def test_a_project_from_an_empty_file_to_training_data(home, play):
    _write_briefs(home.folder / "briefs")
    told = {entry["page"]: entry for entry in play("new_project", home.folder).told}

    assert told["empty"]["is_empty"]
    suggested = told["suggested"]
    assert sorted(suggested["order"]) == list(range(1, 25))
    # What was under way when it came on screen may come first: eight documents, and the batch being read.
    assert suggested["on_screen"] == 21
    assert suggested["order"].index(21) <= 16
    assert told["decided"]["saved"] == "● saved"
    assert "spacy train" in told["exported"]["command"]
    assert {"config.cfg", "train.spacy", "dev.spacy", "report.md"} <= {
        path.name for path in (home.folder / "training").iterdir()
    }

    exported = home.export(home.folder / "quarrel.sayso")
    states = [span["state"] for document in exported for span in document["spans"]]
    assert states.count("confirmed") >= 4
    assert states.count("rejected") >= 1
    (reviewed,) = [document for document in exported if document["reviewed"]]
    assert reviewed["reviewed"] == [[0, len(reviewed["text"])]]
    for document in exported:
        for span in document["spans"]:
            assert span["quote"] == " ".join(document["text"][start:end] for start, end in span["fragments"])
