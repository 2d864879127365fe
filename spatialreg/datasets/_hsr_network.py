"""High-speed rail of China as a network for travel times: stations, hops between them, waits.

The hops are those of the schematic sections; their lengths are scaled so that each section has its
official length. Speeds and waits are assumptions, stated here and to be changed by the user.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from .._nearby import distances
from ..errors import InputError
from ..io import NetworkFrames
from ._networks import dated, hsr_stations, noted, require_known
from ._tables import read_data

SPEED_SHARE = 0.75
WAITS = {"boarding": 30.0, "waiting": 15.0, "transfer": 15.0, "alighting": 10.0}
_NOTE = (
    "schematic: hops between stations in their order, as long as the section's official length in "
    "proportion to the straight distances; for travel times only"
)


def hsr_network(*, speed_share: float = SPEED_SHARE) -> NetworkFrames:
    """Give the high-speed sections as the nodes, edges and waits of a network.

    Parameters
    ----------
    speed_share : float
        Average speed, stops included, over the design speed.

    Returns
    -------
    NetworkFrames
        ``nodes``: the stations (:func:`hsr_stations`). ``edges``: index ``SECTION.k``; ``start``,
        ``end``, ``section``, ``line`` (English name), ``mode`` (``"hsr"``), ``class`` (new or
        upgraded), ``length_m`` [m], ``speed_kmh`` [km/h], ``opened``, ``nature``
        (``"schematic"``), ``detour`` (the official length of the section over its straight hops).
        ``modes``: boarding 30, waiting 15, transfer 15, alighting 10 [min].

    Raises
    ------
    InputError
        `speed_share` is not above 0 and at most 1.
    MissingDependencyError
        A package of the extra ``china`` is not installed.

    Notes
    -----
    `speed_share` of 0.75 and the waits are assumptions, not data. At the share of 0.75 Beijing to
    Shanghai (1,318 km, built for 380 km/h) takes 4.6 hours on the train; timetables have 4.3 to 6.
    Trains are taken to keep to their line, so that each change of line costs a transfer and
    another wait; the many trains that run through from line to line are quicker than that. Set
    ``transfer`` and ``waiting`` to zero for the other extreme.

    Examples
    --------
    >>> import spatialreg as sr
    >>> frames = sr.datasets.hsr_network()
    >>> network = sr.Network.from_frames(frames.nodes, frames.edges, modes=frames.modes)
    >>> network.at(2012).date.year, frames.edges["nature"].unique().tolist()
    (2012, ['schematic'])
    """
    if not 0 < speed_share <= 1:
        raise InputError(f"speed_share must be above 0 and at most 1, not {speed_share!r}")
    nodes = hsr_stations()
    sections = dated(read_data("hsr_sections.csv").set_index("section"))
    order = read_data("hsr_section_stations.csv").sort_values(["section", "order"])
    require_known(order["station"], nodes.index, "hsr_section_stations.csv", "hsr_stations.csv")
    require_known(order["section"], sections.index, "hsr_section_stations.csv", "hsr_sections.csv")
    after = order.groupby("section")["station"].shift(-1)
    hops = order.assign(end=after)[after.notna()].rename(columns={"station": "start"})
    hops["straight"] = distances(nodes.geometry.loc[hops["start"]], nodes.geometry.loc[hops["end"]])
    about = sections.loc[hops["section"]].set_index(hops.index)
    whole = hops.groupby("section")["straight"].transform("sum")
    count = hops.groupby("section")["straight"].transform("size")
    # stations that all stand at one seat have no distance to share the length by
    part = (hops["straight"] / whole).where(whole > 0, 1 / count)
    edges = pd.DataFrame(
        {
            "start": hops["start"],
            "end": hops["end"],
            "section": hops["section"],
            "line": about["line_en"],
            "line_zh": about["line_zh"],
            "mode": "hsr",
            "class": about["class"],
            "length_m": part * about["length_km"] * 1000,
            "speed_kmh": about["design_speed_kmh"] * speed_share,
            "opened": about["opened"],
            "nature": "schematic",
            "detour": (about["length_km"] * 1000 / whole).replace(np.inf, np.nan),
        }
    )
    number = hops.groupby("section").cumcount()
    edges.index = pd.Index(hops["section"] + "." + number.astype(str), name="edge")
    modes = pd.DataFrame.from_dict({"hsr": WAITS}, orient="index").rename_axis("mode")
    edges.attrs["note"] = _NOTE
    return NetworkFrames(noted(nodes, "hsr_stations", nodes.attrs["note"]), edges, modes)
