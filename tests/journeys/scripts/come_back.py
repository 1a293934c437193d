"""Look at what is on screen after a start, and quit."""


def play(person):
    person.wait(lambda: person.window.flows.session is not None, "the last project")
    person.tell(page="back", **person.screen())
    person.press("Ctrl+Q")
