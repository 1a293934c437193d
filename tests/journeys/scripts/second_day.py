"""The next start in the same home: everything is where it was."""


def play(person):
    window = person.window
    person.wait(lambda: window.flows.session is not None, "the project of yesterday")
    person.wait(lambda: window.view.focused_span is not None, "the focus of yesterday")
    person.tell(page="back", **person.screen())
    person.press("Ctrl+PgUp", "Ctrl+PgUp", "Ctrl+PgUp")
    person.tell(page="first document", **person.screen())
    person.press("Ctrl+Z")  # across documents, and across the restart
    person.tell(page="undone", **person.screen())
    person.press("Ctrl+Shift+Z")
    person.tell(page="redone", **person.screen())
    person.press("Ctrl+Q")
