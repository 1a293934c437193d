"""Decide by key presses for ever; tell each key before it is pressed, and after it what the screen shows."""

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "helpers"))
from shown import digest

ARGUMENTS = ["{1}"]

#: What analysts press, about as often as they do.
_KEYS = (
    *(["Return"] * 8 + ["Backspace"] * 4 + ["Tab"] * 3 + ["Shift+Tab"] * 2),
    *("1", "2", "3", "5", "Alt+Right", "Alt+Left", "Alt+Shift+Left", "D", "R", "Shift+R", "Ctrl+Return"),
    *(["Ctrl+Z"] * 4 + ["Ctrl+Shift+Z"] * 2 + ["note", "label", "Ctrl+PgDown"]),
)


def play(person):
    chance = random.Random(int(person.arguments[0]))
    window, view = person.window, person.window.view
    while True:
        key = chance.choice(_KEYS)
        person.tell(pressing=key)
        if key == "note":
            person.press("N")
            person.type(f"Ask {chance.randrange(1000)}")
            person.press("Esc", "Esc")
        elif key == "label":
            person.press("Esc", *["Right"] * chance.randrange(5), "Shift+Right", chance.choice("1234"))
        else:
            person.press(key)
        index, reviewed = view.page.index, view.page.reviewed
        person.tell(
            document=window.workspace.document_id,
            saved=window.status._saved.text(),
            shown=digest(index.spans.values(), index.links.values(), reviewed.within(0, view.page.positions.length_cp)),
        )
