"""GraphML: Gephi, visone, igraph, NetworkX and yEd read it. Writes only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from storage.formats.exchange import ExchangeDocument
from storage.formats.network.build import write_network

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a network as `build.write_network` does."""
    import networkx as nx  # noqa: PLC0415

    return write_network(documents, path, context, nx.generate_graphml)
