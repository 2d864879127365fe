"""Which regions have data, and which rows have no region."""

from __future__ import annotations

import pandas as pd

from ..._align import some
from ...layers import Categorised, Layer
from .._context import Context, Finding, StageResult

_COLOURS = {"joined": "#c7e9c0", "no data": "#d95f0e"}


def run(context: Context) -> StageResult:
    """Draw the join as a layer, and table what did not match."""
    report = context.join_report
    regions = context.regions
    status = pd.Series("joined", index=regions.index).where(
        regions.index.isin(report.matched), "no data"
    )
    names = regions[context.english(regions)]
    lacking = regions.index[status == "no data"]
    counts = status.value_counts()
    layer = Layer(
        name="join_problems",
        title="Join of panel and map",
        group="Join problems",
        frame=regions[["geometry"]].assign(name=names, status=status),
        style=Categorised(
            "status",
            classes=[(s, f"{s} ({counts.get(s, 0)})", c) for s, c in _COLOURS.items()],
        ),
        aliases={"name": "Name", "status": "Join status"},
        abstract="Regions of the map with and without a row in the panel.",
        visible=False,
    )
    rows = [
        *({"code": c, "side": "map only", "name": names.get(c, "")} for c in report.regions_only),
        *({"code": c, "side": "panel only", "name": ""} for c in report.table_only),
    ]
    table = pd.DataFrame(rows, columns=["code", "side", "name"]).set_index("code")
    sentence = f"{len(report.matched)} of {len(regions)} regions of the map have data"
    if len(lacking):
        sentence += f"; without: {some(names[lacking], 8)}"
    if len(report.table_only):
        sentence += f"; {len(report.table_only)} codes of the panel are not on the map"
    finding = Finding("join", sentence + ".", table="join_problems")
    return StageResult((layer,), {"join_problems": table}, {}, (finding,))
