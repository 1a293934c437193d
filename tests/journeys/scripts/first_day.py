"""The first start in an empty home: the sample, every key of the loop, and quitting."""


def play(person):
    window, view = person.window, person.window.view
    person.tell(page="welcome", is_welcome=window.welcome.isVisible())
    person.press("Return")  # the sample is what a first start offers first
    person.wait(lambda: window.flows.session is not None, "the sample")
    window.window().resize(1180, 760)
    person.tell(page="sample", **person.screen())

    person.press("Tab", "Return")  # accept
    person.press("Backspace")  # reject
    person.press("3")  # relabel
    person.tell(page="decided", **person.screen())

    person.press("Esc", "Esc", "Ctrl+F")  # find, select and label
    person.type("sea lanes")
    person.press("Esc", "4")
    person.press("Alt+Right", "Alt+Left", "Alt+Left")  # resize to “sea”
    person.tell(page="labelled", **person.screen())

    claims = [s for s in view.page.index.spans.values() if s.state == "suggested" and view.page.index.links_of(s.id)]
    claim_labels = {label.id for label in window.flows.session.codebook.labels if label.kind == "claim"}
    claim = min((s for s in claims if s.label_id in claim_labels), key=lambda s: s.start_cp)
    while view.focused_span_id != claim.id:
        person.press("Shift+Tab" if (view.focused_span and view.cursor_cp > claim.start_cp) else "Tab")
    person.press("S", "Tab", "Return")  # the second nearest is the speaker
    person.tell(page="speaker", claim=claim.quote, **person.screen())

    person.press("Ctrl+Z")
    person.tell(page="undone", **person.screen())
    person.press("Ctrl+Shift+Z")
    person.tell(page="redone", **person.screen())

    person.press("R")
    person.press("N")
    person.type("Ask the desk")
    person.press("Esc")
    person.press("Ctrl+PgDown")
    person.tell(page="next", **person.screen())

    person.press("Ctrl+K")
    person.type("league summit")
    person.press("Return")
    person.wait(lambda: "summit" in view.page.document.title, "the summit")
    person.press("Tab", "Tab", "Tab", "Return")
    person.press(*["Down"] * 30)
    person.press("Tab")
    person.tell(page="last", **person.screen())
    person.press("Ctrl+Q")
