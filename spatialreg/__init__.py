"""Regional disparities in space.

How unequal are the regions, where do the disparities cluster, how well does the transport network
reach them, and is the gap closing? Regions come as GeoDataFrames indexed by code, tables and
panels as DataFrames, relations as ``libpysal.graph.Graph``; every measure takes plain objects
and gives a Series, a DataFrame or a small frozen result on the same index.

Names are imported on first use, so that ``import spatialreg`` is quick.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# public name -> module that defines it; the modules themselves (io, datasets, plot, ...) are
# reached as attributes too
_NAMES = {
    "read_regions": "io",
    "read_table": "io",
    "join_table": "join",
    "check_join": "join",
    "assign_scheme": "regions",
    "list_schemes": "regions",
    "list_periods": "regions",
    "harmonise": "regions",
    "constant_prices": "prices",
    "to_panel": "_align",
    "build_weights": "weights",
    "describe_weights": "weights",
    "weights_from_times": "weights",
    "moran": "autocorrelation",
    "lisa": "autocorrelation",
    "moran_series": "autocorrelation",
    "lisa_transitions": "autocorrelation",
    "lisa_robustness": "autocorrelation",
    "gini": "disparity",
    "theil": "disparity",
    "inequality": "disparity",
    "decompose_theil": "disparity",
    "decompose_gini": "disparity",
    "decompose_change": "disparity",
    "beta_convergence": "disparity",
    "sigma_convergence": "disparity",
    "club_convergence": "disparity",
    "Network": "transport",
    "Connectors": "transport",
    "travel_times": "transport",
    "nearest_facility": "transport",
    "zonal_stats": "raster",
    "accessibility": "access",
    "coverage": "access",
    "write_layers": "layers",
    "write_qgis_project": "layers",
    "write_report": "report",
    "run_study": "study",
}
_MODULES = (
    "access", "autocorrelation", "datasets", "disparity", "errors", "io", "join", "layers", "plot",
    "prices", "raster", "regions", "report", "study", "transport", "weights",
)  # fmt: skip

__all__ = ["__version__", *sorted(_NAMES), *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        value = getattr(importlib.import_module(f".{_NAMES[name]}", __name__), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
