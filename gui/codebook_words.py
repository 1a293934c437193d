"""What the removal of an entry of the codebook, or taking in a file, would do, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.records import FieldRecord, LabelRecord, LinkTypeRecord, State

if TYPE_CHECKING:
    from gui.panels.codebook_data import Entry
    from storage.codebook_merge import MergePlan
    from storage.codebook_usage import Use

_STATES = ((State.CONFIRMED, "confirmed"), (State.SUGGESTED, "suggested"), (State.REJECTED, "rejected"))
_MOST_VALUES = 5


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 span`, `2,000 spans`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def consequences(entry: Entry, use: Use) -> str:
    """Return what hangs on an entry and what becomes of it, in sentences."""
    match entry:
        case LabelRecord():
            return _of_label(entry, use)
        case LinkTypeRecord():
            links = f"“{entry.name}” joins {_states(use, 'pair')} of spans in {count(use.documents, 'document')}."
            return f"{links} The links go with it; the spans stay."
        case FieldRecord():
            shown = [f"“{value}” {number:,}" for value, number in list(use.values.items())[:_MOST_VALUES]]
            values = f" ({', '.join(shown)}{' …' * (len(use.values) > _MOST_VALUES)})"
            spans = (
                f"“{entry.name}” has a value on {_states(use, 'span')} in {count(use.documents, 'document')}{values}."
            )
            return f"{spans} The values go with it; the spans stay."


def _of_label(label: LabelRecord, use: Use) -> str:
    facts, advice = [], []
    if use.total:
        facts.append(f"“{label.name}” is on {_states(use, 'span')} in {count(use.documents, 'document')}.")
    if use.links:
        links = ", ".join(f"{number:,} “{name}”" for name, number in use.links.items())
        total = sum(use.links.values())
        verbs = "begins or ends" if total == 1 else "begin or end"
        facts.append(f"{count(total, 'link')} {verbs} there ({links}).")
    if use.actors:
        facts.append(f"It is the type of {count(use.actors, 'actor')} of the registry.")
    if use.blocked:
        facts.append(f"{count(use.blocked, 'word')} or groups of words are never suggested for it.")
    if use.total:
        advice.append(
            "Moved spans keep their links, notes and fields; where the other label stands on the same words already, "
            "both become one. Spans deleted take their links along."
        )
    if label.code:
        advice.append("Suggestions of this sort come under the other label if that has none of its own, else no more.")
    return "\n\n".join(" ".join(part) for part in (facts, advice) if part)


def merge_sentence(name: str, plan: MergePlan) -> str:
    """Return what taking in a file would do, in short."""
    if not plan.has_effect:
        return f"“{name}” holds nothing that this codebook does not have already; nothing would change."
    parts = [f"{len(plan.added):,} added", f"{len(plan.changed):,} changed", f"{len(plan.left):,} left as they are"]
    kept = f" {count(len(plan.kept), 'entry', 'entries')} that it does not name stay." if plan.kept else ""
    return f"Of the entries of “{name}” {', '.join(parts)}.{kept} Nothing is taken away; Ctrl+Z takes it back."


def merge_details(plan: MergePlan) -> str:
    """Return the entries by name, with the reasons where something does not come as the file has it."""
    lists = (("Added", plan.added), ("Changed", plan.changed), ("Left", plan.left), ("Only here", plan.kept))
    return "\n\n".join(f"{title}\n" + "\n".join(f"  {line}" for line in lines) for title, lines in lists if lines)


def _states(use: Use, noun: str) -> str:
    parts = [f"{use.states[state]:,} {word}" for state, word in _STATES if use.states.get(state)]
    return f"{count(use.total, noun)} ({', '.join(parts)})"
