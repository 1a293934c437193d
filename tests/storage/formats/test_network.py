"""Networks: counts equal those made by hand, and the programs' own libraries read the files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codebooks import starter
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import WriteContext
from storage.formats.losses import Losses
from storage.formats.network.build import first_day, network, next_day, slice_of
from storage.formats.network.statements import concept_field, sign_of, stance_field
from storage.formats.registry import format_named
from storage.records import ActorRecord, Fragment, LabelKind

TEXT = "Taval of Velmar says that Orsk must leave the strait at once."
CODEBOOK = starter("discourse-network").codebook
ACTORS = ("Taval", "Orsk", "Lurien")
ALIASES = {"Taval": ("the envoy", "T.")}
DEFAULTS = {"network": "actor-claim", "claims-by": "label", "slices": "none"}


def document(*claims: tuple[str, str, str, str], date: str | None = "2031-04-02") -> ExchangeDocument:
    """Return a document of claims, each (speaker, target or nothing, label, agreement); an actor in <> has no entry."""
    spans: list[ExchangeSpan] = []
    links: list[ExchangeLink] = []
    for number, (speaker, target, label, stance) in enumerate(claims):
        claim = f"c{number}"
        fields = {"Agreement": stance, "Concept": f"wish {label}"}
        spans.append(ExchangeSpan(claim, LabelKind.CLAIM, label, (Fragment(26, 60),), quote=TEXT[26:60], fields=fields))
        for role, name in (("speaker", speaker), ("target", target)):
            if name:
                actor = None if name.startswith("<") else name
                words = name.strip("<>")
                span = ExchangeSpan(f"{claim}{role}", LabelKind.ACTOR, "Person", (Fragment(0, 5),), quote=words)
                actor_id = str(ACTORS.index(actor) + 1) if actor in ACTORS else None
                spans.append(replace(span, actor=actor, actor_id=actor_id))
                links.append(ExchangeLink(f"{claim}{role}", role, claim, span.id))
    return ExchangeDocument(title="Straits", text=TEXT, date=date, spans=tuple(spans), links=tuple(links))


def context(**options: str) -> WriteContext:
    actors = tuple(ActorRecord(n, name, aliases=ALIASES.get(name, ())) for n, name in enumerate(ACTORS, start=1))
    return WriteContext(codebook=CODEBOOK, actors=lambda: actors, losses=Losses(), options=DEFAULTS | options)


def edges(graph: Any, what: str = "weight") -> dict[tuple[str, str], Any]:
    return {(one, other): data[what] for one, other, data in graph.edges(data=True)}


def key(name: str) -> str:
    """Return the key of an actor's node."""
    words = name.strip("<>")
    return f"a:{ACTORS.index(words) + 1}" if words in ACTORS else f"m:{words}"


def test_actor_claim_network_counts_claims_and_stances():
    told = context()
    documents = [
        document(("Taval", "", "Demand", "agreement"), ("Taval", "", "Demand", "disagreement")),
        document(("Taval", "", "Demand", "agreement"), ("<the minister>", "", "Denial", ""), date="2031-03"),
        document(("", "", "Demand", "agreement")),
    ]
    graph, count = network(documents, told)
    assert count == 3
    assert edges(graph) == {("a:1", "c:Demand"): 3, ("m:the minister", "c:Denial"): 1}
    assert graph.edges["a:1", "c:Demand"] == {
        "weight": 3, "documents": 2, "positive": 2, "neutral": 0, "negative": 1, "labels": "Demand 3",
        "first": "2031-03-01", "last": "2031-04-02",
    }  # fmt: skip
    assert graph.nodes["a:1"] == {
        "label": "Taval", "kind": "actor", "type": "Person", "registered": True, "aliases": "the envoy; T.",
        "mentions": 3, "claims": 3,
    }  # fmt: skip
    assert not graph.nodes["m:the minister"]["registered"]
    assert [(loss.what, loss.count) for loss in told.losses] == [("claims without a speaker", 1)]


def test_two_actors_of_one_name_are_two_nodes():
    first, second = document(("Taval", "", "Toll", "")), document(("Taval", "", "Fleet", ""))
    spans = tuple(replace(span, actor_id="9") if span.actor else span for span in second.spans)
    twins = (ActorRecord(1, "Taval"), ActorRecord(9, "Taval", aliases=("the judge",)))
    told = replace(context(), actors=lambda: twins)
    words = document(("<Taval>", "", "Dams", ""))
    graph, _ = network([first, replace(second, spans=spans), words], told)
    assert edges(graph) == {("a:1", "c:Toll"): 1, ("a:9", "c:Fleet"): 1, ("m:Taval", "c:Dams"): 1}
    assert {graph.nodes[node]["label"] for node in ("a:1", "a:9", "m:Taval")} == {"Taval"}
    assert graph.nodes["a:9"]["aliases"] == "the judge"


def test_actor_actor_network_goes_from_speaker_to_target():
    told = context(network="actor-actor")
    claims = (("Taval", "Orsk", "Demand", "disagreement"), ("Orsk", "Taval", "Denial", ""), ("Orsk", "", "Denial", ""))
    graph, _ = network([document(*claims)], told)
    assert graph.is_directed()
    assert edges(graph) == {("a:1", "a:2"): 1, ("a:2", "a:1"): 1}
    assert graph.edges["a:1", "a:2"]["negative"] == 1
    assert [(loss.what, loss.count) for loss in told.losses] == [("claims without a target", 1)]


def test_agreement_is_congruence_less_conflict():
    claims = [
        ("Taval", "", "Toll", "agreement"), ("Orsk", "", "Toll", "agreement"),
        ("Taval", "", "Fleet", "agreement"), ("Orsk", "", "Fleet", "disagreement"),
        ("Taval", "", "Fish", "agreement"), ("Orsk", "", "Fish", "agreement"),
        ("Lurien", "", "Dams", "agreement"),
    ]  # fmt: skip
    graph, _ = network([document(*claims)], context(network="agreement"))
    assert graph.edges["a:1", "a:2"] == {"weight": 1, "congruence": 2, "conflict": 1}
    assert "a:3" in graph
    assert graph.degree("a:3") == 0


def test_claims_go_by_the_concept_that_analysts_worded():
    graph, _ = network([document(("Taval", "", "Demand", ""))], context(**{"claims-by": "concept"}))
    assert edges(graph) == {("a:1", "c:wish Demand"): 1}


def test_slices_are_edges_of_their_own():
    told = context(slices="quarter")
    documents = [
        document(("Taval", "", "Demand", ""), date="2031-03-31"),
        document(("Taval", "", "Demand", ""), ("Taval", "", "Demand", ""), date="2031-04-01"),
        document(("Taval", "", "Demand", ""), date=None),
    ]
    graph, _ = network(documents, told)
    found = {(data["slice"], data["start"], data["end"], data["weight"]) for *_, data in graph.edges(data=True)}
    assert found == {("2031-Q1", "2031-01-01", "2031-04-01", 1), ("2031-Q2", "2031-04-01", "2031-07-01", 2)}
    assert [(loss.what, loss.count) for loss in told.losses] == [("claims without a date", 1)]


def test_the_claims_own_date_comes_first():
    found = document(("Taval", "", "Demand", ""))
    claim = replace(found.spans[0], fields={"Date": "2030-12-24"})
    graph, _ = network([replace(found, spans=(claim, *found.spans[1:]))], context())
    assert edges(graph, "first") == {("a:1", "c:Demand"): "2030-12-24"}


@pytest.mark.parametrize(
    ("slices", "name", "first", "after"),
    [
        ("year", "2031", "2031-01-01", "2032-01-01"),
        ("quarter", "2031-Q4", "2031-10-01", "2032-01-01"),
        ("month", "2031-12", "2031-12-01", "2032-01-01"),
    ],
)
def test_slices_have_their_first_day_and_the_day_after(slices, name, first, after):
    assert slice_of("2031-12-24", slices) == name
    assert (first_day(name), next_day(name)) == (first, after)


def test_stance_and_concept_fields_are_found_in_the_starters():
    assert stance_field(CODEBOOK).name == "Agreement"
    assert concept_field(CODEBOOK).name == "Concept"
    assert stance_field(starter("actors-and-claims").codebook).name == "Stance"
    assert stance_field(starter("plain-ner").codebook) is None
    assert [sign_of(word) for word in ("for", " Against ", "neutral", None)] == [1, -1, 0, 0]


def write(name: str, documents: list[ExchangeDocument], path: Path, **options: str) -> None:
    assert format_named(name).writer().write(documents, path, context(**options)) == len(documents)


HOSTILE = '<img src="x">&\x01"\u202e\n'


@pytest.mark.parametrize("kind", ["actor-claim", "actor-actor", "agreement"])
@pytest.mark.parametrize("slices", ["none", "month"])
def test_independent_libraries_read_the_files(tmp_path, kind, slices):
    claims = [("Taval", "Orsk", "Toll", "agreement"), ("Orsk", HOSTILE, "Toll", "agreement")]
    documents = [document(*claims), document(*claims, date="2032-05-01")]
    expected, _ = network(documents, context(network=kind, slices=slices))
    weights = sorted(data["weight"] for *_, data in expected.edges(data=True))
    write("graphml", documents, tmp_path / "n.graphml", network=kind, slices=slices)
    write("gexf", documents, tmp_path / "n.gexf", network=kind, slices=slices)

    read = nx.read_graphml(tmp_path / "n.graphml", force_multigraph=slices != "none")
    assert dict(read.nodes(data=True)) == dict(expected.nodes(data=True))
    assert sorted(data["weight"] for *_, data in read.edges(data=True)) == weights

    other = igraph.Graph.Read_GraphML(str(tmp_path / "n.graphml"))
    assert other.vs["label"] == [data["label"] for _, data in expected.nodes(data=True)]
    assert sorted(other.es["weight"]) == weights

    gephi = nx.read_gexf(tmp_path / "n.gexf")
    assert set(gephi) == set(expected)
    assert sorted(float(data["weight"]) for *_, data in gephi.edges(data=True)) == weights


NAMES = st.sampled_from(["Taval", "Orsk", "Lurien", "<a clerk>"])
CLAIMS = st.lists(
    st.tuples(NAMES, st.one_of(st.just(""), NAMES), st.sampled_from(["Toll", "Fleet"]), st.just("agreement")),
    max_size=8,
)


@given(st.lists(CLAIMS, max_size=4))
def test_weights_equal_a_count_by_hand(lots):
    documents = [document(*claims) for claims in lots]
    by_claim = Counter((key(speaker), f"c:{label}") for claims in lots for speaker, _, label, _ in claims)
    by_actor = Counter((key(s), key(t)) for claims in lots for s, t, _, _ in claims if t)
    graph, _ = network(documents, context())
    assert edges(graph) == dict(by_claim)
    graph, _ = network(documents, context(network="actor-actor"))
    assert edges(graph) == dict(by_actor)
