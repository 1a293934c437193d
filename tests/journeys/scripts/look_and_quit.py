"""Look at the welcome page and try the sample, which has no place to go."""


def play(person):
    from gui.dialogs.message import MessageDialog

    window = person.window
    person.press("Return")
    dialogs = [d.sentence.text() for d in window.findChildren(MessageDialog) if d.isVisible()]
    person.tell(page="welcome", is_welcome=window.welcome.isVisible(), problems=dialogs)
    person.press("Return")
    person.press("Ctrl+Q")
