"""What a network is made of: its lines as a layer, their lengths, and what did not join."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ...layers import Categorised, Layer
from ...transport import Network
from .._context import Context, Finding, StageResult
from .._networks import network_of
from .._sections import NetworkSection
from ._words import and_words

_COLOURS = ("#b30000", "#2166ac", "#1b7837", "#762a83", "#8c510a", "#35978f", "#525252")
_SCHEMATIC = "schematic"
# what did not join: one, several, what it is, its colour
_NOT_JOINED = {
    "gap": ("gap", "gaps", "an end just short of another line", "#d95f0e"),
    "dangling": ("dangling end", "dangling ends", "an end that joins no other line", "#fec44f"),
    "island": ("island", "islands", "a part that does not hang together with the rest", "#7b3294"),
    "dropped": ("piece left out", "pieces left out", "too short, or a repetition", "#525252"),
}


def run(context: Context) -> StageResult:
    """Give every network of the study."""
    parts = [_run_one(context, section) for section in context.config.network]
    return StageResult(
        tuple(layer for part in parts for layer in part.layers),
        {name: table for part in parts for name, table in part.tables.items()},
        findings=tuple(finding for part in parts for finding in part.findings),
    )


def _run_one(context: Context, section: NetworkSection) -> StageResult:
    network = network_of(context, section.name)
    by_class = network.edges.assign(km=network.edges["length_m"] / 1000).groupby(
        ["mode", "class", "nature"], dropna=False
    )
    table = by_class.agg(
        edges=("start", "size"), lines=("line", "nunique"), km=("km", "sum"),
        mean_kmh=("speed_kmh", "mean"), first=("opened", "min"), last=("opened", "max"),
    )  # fmt: skip
    layers, tables = [_drawn(section, network)], {f"{section.name}_by_class": table.reset_index()}
    if network.noding is not None:
        points = network.noding
        tables[f"{section.name}_not_joined"] = pd.DataFrame(
            points.drop(columns="geometry").assign(lon=points.geometry.x, lat=points.geometry.y)
        )
        if len(points):
            layers.append(_not_joined(section, points))
    return StageResult(tuple(layers), tables, findings=(_told(context, section, network),))


def _told(context: Context, section: NetworkSection, network: Network) -> Finding:
    """Say how much of what there is, where it comes from, and what did not join."""
    rows = network.summary().reset_index().to_dict("records")
    parts = []
    for row in rows:
        digits = ",.0f" if row["km"] >= 10 else ".2g"
        text = (
            f"{row['km']:{digits}} km of {row['mode']} in {row['edges']:,} edges, {row['nature']}"
        )
        if pd.notna(row["first"]):
            text += f", opened {row['first']:%Y-%m-%d} to {row['last']:%Y-%m-%d}"
        parts.append(text)
    said = context.sources.account[section.source]
    sentence = f"Network {section.name} ({section.source}): {'; '.join(parts)}"
    counts = {} if network.noding is None else network.noding["kind"].value_counts().to_dict()
    if network.noding is not None:
        listed = [f"{n:,} {_NOT_JOINED[kind][n != 1]}" for kind, n in counts.items()]
        sentence += (
            f". Ends within {section.tolerance_m:g} m were joined; what to look at: "
            f"{and_words(listed) if listed else 'nothing'}"
        )
    if "attribution" in said:
        sentence += f". {said['attribution']}"
        words = {"timestamp": "as of", "newest_edit": "newest edit"}
        vintage = next((f", {words[key]} {said[key]}" for key in words if key in said), "")
        sentence += vintage
    numbers = {f"{section.name}.km_{row['mode']}_{row['nature']}": float(row["km"]) for row in rows}
    numbers |= {f"{section.name}.noding_{kind}": float(n) for kind, n in counts.items()}
    return Finding(
        f"{section.name}_network",
        sentence + ".",
        table=f"{section.name}_by_class",
        numbers=numbers,
    )


def _drawn(section: NetworkSection, network: Network) -> Layer:
    """Give the edges as a layer, by mode; those without a geometry as straight lines."""
    edges = network.edges
    at = network.nodes.geometry
    ends = np.stack(
        [at.loc[edges[end]].get_coordinates().to_numpy() for end in ("start", "end")], 1
    )
    straight = gpd.GeoSeries(shapely.linestrings(ends), edges.index, crs=edges.crs)
    frame = edges.set_geometry(edges.geometry.where(edges.geometry.notna(), straight)).reset_index()
    counts = edges["mode"].value_counts()
    natures = sorted(edges["nature"].unique())
    note = str(edges.attrs.get("note", ""))
    return Layer(
        name=f"{section.name}_edges",
        title=f"Network {section.name}" + (f" ({_SCHEMATIC})" if _SCHEMATIC in natures else ""),
        group="Networks",
        frame=frame,
        style=Categorised(
            "mode",
            classes=[
                (mode, f"{mode} ({counts[mode]:,})", _COLOURS[i % len(_COLOURS)])
                for i, mode in enumerate(counts.index)
            ],
        ),
        abstract=". ".join(
            part for part in (f"Edges of {section.source}; {', '.join(natures)}", note) if part
        ),
        visible=False,
    )


def _not_joined(section: NetworkSection, points: gpd.GeoDataFrame) -> Layer:
    counts = points["kind"].value_counts()
    return Layer(
        name=f"{section.name}_not_joined",
        title=f"Network {section.name}: what did not join",
        group="Join problems",
        frame=points,
        style=Categorised(
            "kind",
            classes=[
                (kind, f"{several}: {words} ({counts[kind]:,})", colour)
                for kind, (_, several, words, colour) in _NOT_JOINED.items()
                if kind in counts
            ],
        ),
        aliases={"distance_m": "To the nearest other line [m]", "length_m": "Length [m]"},
        abstract=(
            f"Places where lines of {section.source} do not join within {section.tolerance_m:g} m."
        ),
        visible=False,
    )
