"""The networks of a study, built once each."""

from __future__ import annotations

from ..errors import ConfigError
from ..transport import Connectors, Network
from ._context import Context
from ._sections import ConnectorsSection, NetworkSection


def network_of(context: Context, name: str) -> Network:
    """Give the network of a section, by its name."""
    section = next(s for s in context.config.network if s.name == name)
    network: Network = context.once(f"network {name}", lambda: _build(context, section))
    return network


def connectors_of(section: ConnectorsSection) -> Connectors:
    """Give connectors as the section says."""
    options = section.model_dump(exclude_none=True)
    if section.to == "nodes":
        options["nearest"] = section.nearest
    if section.modes is not None:
        options["modes"] = tuple(section.modes)
    return Connectors(**options)


def _build(context: Context, section: NetworkSection) -> Network:
    source = context.sources.network(section.source)
    where = f"[[network]] {section.name!r}"
    options = {"speeds": section.speeds or None, "detour": section.detour or None}
    network = Network.from_frames(
        source.nodes, source.edges, modes=source.modes, **options
    ).with_modes(section.modes)
    unknown = sorted(set(section.modes) - set(network.edges["mode"]))
    if unknown:
        raise ConfigError(f"{where}: modes has {unknown}, which no edge of the network has")
    if section.links is not None:
        network = network.with_links(**section.links.model_dump())
    return network
