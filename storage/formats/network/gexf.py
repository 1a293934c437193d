"""GEXF 1.2: Gephi and NetworkX read it; time slices are its dynamic edges. Writes only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from storage.formats.exchange import ExchangeDocument
from storage.formats.network.build import UNSLICED, write_network

if TYPE_CHECKING:
    import networkx as nx

    from storage.formats.interface import WriteContext


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a network as `build.write_network` does."""
    import networkx as nx  # noqa: PLC0415

    def lines(graph: nx.Graph[str]) -> Iterable[str]:
        if context.options["slices"] != UNSLICED:
            graph.graph["mode"] = "dynamic"
        return nx.generate_gexf(graph)

    return write_network(documents, path, context, lines)
