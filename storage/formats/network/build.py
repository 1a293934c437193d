"""Counting statements into graphs.

- `actor-claim`: speakers and what they claim (labels, or the concepts that analysts worded), as in discourse networks.
- `actor-actor`: from each speaker to each actor spoken of.
- `agreement`: actors joined by what they claim: `congruence` counts concepts on which both stand alike, `conflict`
  those on which they stand against each other; the weight is their difference (Leifeld 2017, “subtract”).

Edges count claims (`weight`), those for, against and neither, documents, and tell the first and last day. Where time is
sliced, there is one edge for each slice, with its name, first day and the day after its last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument
from storage.formats.network.statements import Party, Reader, Statement, clean

if TYPE_CHECKING:
    import networkx as nx

    from storage.formats.interface import WriteContext
    from storage.records import ActorRecord

ACTOR_CLAIM, ACTOR_ACTOR, AGREEMENT = KINDS = ("actor-claim", "actor-actor", "agreement")
BY_LABEL, BY_CONCEPT = CLAIMS_BY = ("label", "concept")
UNSLICED = "none"
SLICES = (UNSLICED, "year", "quarter", "month")

_SIGNS = {1: "positive", 0: "neutral", -1: "negative"}


@dataclass(slots=True)
class Tally:
    """What is known of an edge."""

    signs: Counter[int] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    documents: set[int] = field(default_factory=set)
    first: str | None = None
    last: str | None = None

    def add(self, statement: Statement) -> None:
        """Count a statement."""
        self.signs[statement.sign] += 1
        self.labels[statement.label] += 1
        self.documents.add(statement.document)
        if statement.day:
            self.first = min(self.first or statement.day, statement.day)
            self.last = max(self.last or statement.day, statement.day)

    def attributes(self) -> dict[str, Any]:
        """Return the edge's attributes; days only where they are known."""
        found: dict[str, Any] = {"weight": self.signs.total(), "documents": len(self.documents)}
        found |= {name: self.signs[sign] for sign, name in _SIGNS.items()}
        found["labels"] = "; ".join(f"{label} {count}" for label, count in sorted(self.labels.items()))
        return found | {name: day for name, day in (("first", self.first), ("last", self.last)) if day}


class Counts:
    """Statements counted by their ends: all of them, and those of each slice of time."""

    def __init__(self, kind: str, claims_by: str, slices: str) -> None:
        self._kind, self._claims_by, self._slices = kind, claims_by, slices
        self.parties: dict[str, Party] = {}
        self.claims: Counter[str] = Counter()
        self.whole: dict[tuple[str, str], Tally] = {}
        self.by_slice: dict[str, dict[tuple[str, str], Tally]] = {}
        self.undated = 0
        self.untargeted = 0

    def add(self, statements: Iterable[Statement]) -> None:
        """Count statements."""
        for statement in statements:
            self._know(statement.speaker)
            self.claims[statement.speaker.key] += 1
            if self._kind == ACTOR_ACTOR:
                self.untargeted += not statement.targets
                ends = []
                for target in statement.targets:
                    self._know(target)
                    ends.append((statement.speaker.key, target.key))
            else:
                ends = [(statement.speaker.key, f"c:{self._claim(statement)}")]
            when = slice_of(statement.day, self._slices)
            self.undated += self._slices != UNSLICED and when is None
            for pair in ends:
                self.whole.setdefault(pair, Tally()).add(statement)
                if when is not None:
                    self.by_slice.setdefault(when, {}).setdefault(pair, Tally()).add(statement)

    def _know(self, party: Party) -> None:
        self.parties.setdefault(party.key, party)

    def _claim(self, statement: Statement) -> str:
        return statement.concept if self._claims_by == BY_CONCEPT and statement.concept else statement.label


def slice_of(day: str | None, slices: str) -> str | None:
    """Return the name of the slice in which a day lies (2031, 2031-Q2, 2031-04); None without a day or slices."""
    if day is None or slices == UNSLICED:
        return None
    year, month = day[:4], int(day[5:7])
    return {"year": year, "quarter": f"{year}-Q{(month + 2) // 3}", "month": day[:7]}[slices]


def first_day(name: str) -> str:
    """Return the first day of a slice."""
    if "Q" in name:
        return f"{name[:4]}-{3 * int(name[-1]) - 2:02}-01"
    return f"{name}-01-01" if len(name) == 4 else f"{name}-01"


def next_day(name: str) -> str:
    """Return the day after the last one of a slice."""
    year, month = int(name[:4]), int(first_day(name)[5:7])
    months = 12 if len(name) == 4 else 3 if "Q" in name else 1
    year, month = (year, month + months) if month + months <= 12 else (year + 1, month + months - 12)
    return f"{year:04}-{month:02}-01"


def graph_of(
    counts: Counts,
    tallies: Mapping[tuple[str, str], Tally],
    kind: str,
    mentions: Mapping[str, int],
    registry: Mapping[str, ActorRecord],
) -> nx.Graph[str] | nx.DiGraph[str]:
    """Return the graph of some tallies. Nodes are actors (by the keys of parties) and `c:NAME` (claims), by name."""
    import networkx as nx  # noqa: PLC0415  (0.2 s to import, for exports only)

    graph: nx.Graph[str] = nx.DiGraph() if kind == ACTOR_ACTOR else nx.Graph()
    keys = {end for pair in tallies for end in (pair if kind == ACTOR_ACTOR else pair[:1])}
    for key in sorted(keys, key=lambda key: (counts.parties[key].name, key)):
        graph.add_node(key, **_actor(counts, key, mentions, registry))
    if kind == AGREEMENT:
        _join_by_claims(graph, tallies)
        return graph
    if kind == ACTOR_CLAIM:
        for claim in sorted({claim for _, claim in tallies}):
            graph.add_node(claim, label=claim.removeprefix("c:"), kind="claim")
    for pair, tally in sorted(tallies.items()):
        graph.add_edge(*pair, **tally.attributes())
    return graph


def _actor(
    counts: Counts, key: str, mentions: Mapping[str, int], registry: Mapping[str, ActorRecord]
) -> dict[str, Any]:
    party, record = counts.parties[key], registry.get(key)
    return {
        "label": party.name,
        "kind": "actor",
        "type": party.type,
        "registered": party.is_registered,
        "aliases": clean("; ".join(record.aliases)) if record else "",
        "mentions": mentions.get(key, 0),
        "claims": counts.claims[key],
    }


def _join_by_claims(graph: nx.Graph[str], tallies: Mapping[tuple[str, str], Tally]) -> None:
    """Join actors that claim the same: alike counts as congruence, one for and one against as conflict."""
    stands: dict[str, dict[str, set[int]]] = {}
    for (actor, claim), tally in tallies.items():
        stands.setdefault(claim, {})[actor] = set(tally.signs)
    congruence: Counter[tuple[str, str]] = Counter()
    conflict: Counter[tuple[str, str]] = Counter()
    for actors in stands.values():
        for one, other in combinations(sorted(actors), 2):
            mine, theirs = actors[one], actors[other]
            congruence[one, other] += bool(mine & theirs)
            conflict[one, other] += (1 in mine and -1 in theirs) or (-1 in mine and 1 in theirs)
    for pair in sorted(congruence.keys() | conflict.keys()):
        alike, against = congruence[pair], conflict[pair]
        if alike or against:
            graph.add_edge(*pair, weight=alike - against, congruence=alike, conflict=against)


def sliced_graph_of(
    counts: Counts, kind: str, mentions: Mapping[str, int], registry: Mapping[str, ActorRecord]
) -> nx.MultiGraph[str] | nx.MultiDiGraph[str]:
    """Return all actors and claims, joined by one edge for each slice in which there was something."""
    import networkx as nx  # noqa: PLC0415

    whole = graph_of(counts, counts.whole, kind, mentions, registry)
    graph: nx.MultiGraph[str] = nx.MultiDiGraph() if kind == ACTOR_ACTOR else nx.MultiGraph()
    graph.add_nodes_from(whole.nodes(data=True))
    for name, tallies in sorted(counts.by_slice.items()):
        part = graph_of(counts, tallies, kind, mentions, registry)
        when = {"slice": name, "start": first_day(name), "end": next_day(name)}
        graph.add_edges_from((one, other, data | when) for one, other, data in part.edges(data=True))
    return graph


def network(documents: Iterable[ExchangeDocument], context: WriteContext) -> tuple[nx.Graph[str], int]:
    """Return the network that the options ask for, and the number of documents; what no edge holds is a loss."""
    kind, slices = context.options["network"], context.options["slices"]
    actors = list(context.actors())
    reader = Reader(context.codebook, context.losses, actors)
    counts = Counts(kind, context.options["claims-by"], slices)
    counts.add(reader.read(documents))
    if counts.untargeted:
        context.losses.add("claims without a target", "this network joins speaker and target", count=counts.untargeted)
    if counts.undated:
        context.losses.add("claims without a date", "they lie in no slice of time", count=counts.undated)
    registry = {f"a:{actor.id}": actor for actor in actors}
    if slices != UNSLICED:
        return sliced_graph_of(counts, kind, reader.mentions, registry), reader.documents
    return graph_of(counts, counts.whole, kind, reader.mentions, registry), reader.documents


def write_network(
    documents: Iterable[ExchangeDocument],
    path: Path,
    context: WriteContext,
    generate: Callable[[nx.Graph[str]], Iterable[str]],
) -> int:
    """Write the network that the options ask for, whole or not at all; return the number of documents.

    `generate` returns the lines of its file. Memory holds the network, not the documents.

    Raises:
        StorageFullError: the file cannot be written.
    """
    graph, count = network(documents, context)
    with atomic_writer(path) as stream:
        stream.writelines(f"{line}\n" for line in generate(graph))
    return count
