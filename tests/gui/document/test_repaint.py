"""What is repainted in part must look like what is painted as a whole."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from storage.records import Fragment, ReviewedRecord, State

SENTENCES = (
    "Okonin said that Velmar and Orsk would leave the League. ",
    "שלום כתב Orsk, and Taval replied that nobody in 東岸 had asked. ",
    "Officials warned both capitals not to hold the drill before the vote. ",
)


def on_screen(view) -> QImage:
    """Return the window's pixels as they are, unlike `grab`, which paints anew."""
    return view.screen().grabWindow(view.winId()).toImage()


class Analyst:
    """Does at random what analysts do."""

    def __init__(self, view, made, seed: int) -> None:
        self.view, self.made, self.random = view, made, random.Random(seed)
        self.words = [view.page.positions.word_at(i.start()) for i in re.finditer(r"\b\w", made.text)]

    def fragment(self, words: int) -> Fragment:
        first = self.random.randrange(min(len(self.words), 160) - words)
        return Fragment(self.words[first].start_cp, self.words[first + words - 1].end_cp)

    def add(self) -> None:
        label = self.random.choice((1, 2, 3, 3, 4))
        fragment = self.fragment(self.random.randint(3, 30) if label == 3 else self.random.randint(1, 3))
        state = self.random.choice((State.SUGGESTED, State.CONFIRMED))
        span = replace(self.made.span(label, "Velmar", state=state), fragments=(fragment,))
        self.made.spans[-1] = span
        links = []
        if label == 3 and len(self.made.spans) > 1:
            links = [self.made.link(self.made.SPEAKER, span, self.random.choice(self.made.spans[:-1]))]
        self.view.apply(spans=[span], links=links)

    def decide(self) -> None:
        i = self.random.randrange(len(self.made.spans))
        self.made.spans[i] = replace(self.made.spans[i], state=self.random.choice(list(State)))
        self.view.apply(spans=[self.made.spans[i]])

    def resize(self) -> None:
        i = self.random.randrange(len(self.made.spans))
        self.made.spans[i] = replace(self.made.spans[i], fragments=(self.fragment(self.random.randint(1, 9)),))
        self.view.apply(spans=[self.made.spans[i]])

    def remove(self) -> None:
        self.view.apply(removed_spans=[self.random.choice(self.made.spans).id])

    def review(self) -> None:
        start_cp, end_cp = self.fragment(self.random.randint(3, 30))
        self.view.apply(reviewed=(ReviewedRecord(1, 1, start_cp, end_cp, 1, ""),))

    def focus(self) -> None:
        self.view.focus_span(self.random.choice(self.made.spans).id)

    def go_on(self) -> None:
        self.view.focus_next_undecided(backwards=self.random.random() < 0.3)

    def move(self) -> None:
        move = self.random.choice((self.view.move_word, self.view.move_char, self.view.move_line))
        move(self.random.choice((-2, -1, 1, 3)), select=self.random.random() < 0.5)

    def select(self) -> None:
        self.view.select_range(*self.fragment(self.random.randint(1, 40)))

    def scroll(self) -> None:
        bar = self.view.verticalScrollBar()
        bar.setValue(bar.value() + self.random.randint(-250, 250))


@pytest.mark.parametrize("seed", range(6))
def test_partial_repaints_look_like_full_ones(show, draft, seed):
    made = draft("".join(s + ("\n\n" if i % 4 == 3 else "") for i, s in enumerate(SENTENCES * 14)))
    view = show(made)
    analyst = Analyst(view, made, seed)
    for _ in range(8):
        analyst.add()
    actions = (
        analyst.add, analyst.decide, analyst.resize, analyst.remove, analyst.review, analyst.focus,
        analyst.go_on, analyst.move, analyst.select, analyst.scroll, analyst.scroll,
    )  # fmt: skip
    QApplication.processEvents()
    for step in range(40):
        action = analyst.random.choice(actions)
        action()
        QApplication.processEvents()
        partly = on_screen(view)
        view.viewport().update()
        QApplication.processEvents()
        assert on_screen(view) == partly, f"step {step}: {action.__name__}"
