"""The option `--cue-kinds`: what counts as a claim."""

from __future__ import annotations

import argparse

#: The notion of attribution that most research on news uses: somebody says something.
NARROW = ("speech",)


def cue_kinds_option(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option; what it holds are codes of kinds, in their order, or `None` where it is not given."""
    parser.add_argument(
        "--cue-kinds",
        type=_kinds,
        metavar="KINDS",
        help=f"{what}: narrow (speech), wide (all), or some of them parted by commas",
    )


def _kinds(words: str) -> tuple[str, ...]:
    from nlp.suggestion import CUE_KINDS

    known = tuple(kind.code for kind in CUE_KINDS)
    presets = {"narrow": NARROW, "wide": known}
    wanted = {kind for word in words.split(",") for kind in presets.get(word.strip(), (word.strip(),))}
    if unknown := wanted - set(known):
        raise argparse.ArgumentTypeError(
            f"“{min(unknown)}” is no kind of cue; there are {', '.join(known)}, and narrow and wide"
        )
    return tuple(kind for kind in known if kind in wanted)
