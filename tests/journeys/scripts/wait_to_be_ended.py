"""Decide, let the place be kept, then wait for whoever ends the process."""

from gui.place import PLACE, Place


def play(person):
    window = person.window
    window.flows.open_sample()
    person.press("Tab", "Return", "Return")
    project, focus = window.flows.session.project, window.view.focused_span_id
    person.wait(lambda: Place.read(project.setting(PLACE)).focus == focus, "the place to be kept")
    person.tell(page="ready", project=str(project.path), **person.screen())
    person.wait(lambda: not window.isVisible(), "the end")
