"""GraphML: Gephi, visone, igraph, NetworkX and yEd read it. Writes only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument
from storage.formats.network.build import network

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write the network that the options ask for, whole or not at all; return the number of documents.

    Memory holds the network, not the documents.

    Raises:
        StorageFullError: the file cannot be written.
    """
    import networkx as nx  # noqa: PLC0415

    graph, count = network(documents, context)
    with atomic_writer(path) as stream:
        stream.writelines(line + "\n" for line in nx.generate_graphml(graph))
    return count
