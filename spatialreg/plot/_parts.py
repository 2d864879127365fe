"""Figures of what makes a gap: the Gini coefficient by groups and by sources, over time."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .._palettes import QUALITATIVE
from .._results import GiniDecomposition, SourceDecomposition
from ..errors import InputError
from ._axes import axes, legend_beside, styled, text, titled

# Dagum's components, from the bottom of the stack; greys and blue differ in lightness too
_COMPONENTS = {
    "net between": ("#0072b2", "net between groups"),
    "transvariation": ("#e69f00", "overlap of groups (transvariation)"),
    "within": ("#b5b5b5", "within groups"),
}


@styled
def gini_parts(
    result: GiniDecomposition, *, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Stack the parts of the Gini coefficient over time: between groups, overlap, within.

    Parameters
    ----------
    result : GiniDecomposition
        Of a panel: its frame has a ``year``.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        The decomposition is of one year only.

    Examples
    --------
    >>> import spatialreg as sr
    >>> panel = sr.assign_scheme(sr.datasets.provincial_panel(), "four_segments")
    >>> parts = sr.disparity.decompose_gini(
    ...     panel, per_head="gdp_per_head_yuan", population="population_10k", by="four_segments")
    >>> ax = sr.plot.gini_parts(parts)
    """
    if "year" not in result.frame.columns:
        raise InputError("a decomposition of one year has no time to draw: decompose a panel")
    wide = result.frame.pivot_table(index="year", columns="component", values="value")
    ax = axes(ax)
    parts = list(_COMPONENTS)
    ax.stackplot(
        wide.index,
        [wide[part] for part in parts],
        colors=[_COMPONENTS[part][0] for part in parts],
        labels=[_COMPONENTS[part][1] for part in parts],
        edgecolor="white",
        linewidth=0.6,
    )
    total = wide.sum(axis=1)
    ax.plot(total.index, total, color="#222222", lw=1.6, label="Gini")
    ax.set_xlim(wide.index.min(), wide.index.max())
    ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("Gini coefficient")
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(
        handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0
    )
    return titled(ax, title)


@styled
def source_lines(
    results: Mapping[str, SourceDecomposition],
    *,
    names: Mapping[str, str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each source in an index over time, a line style a method.

    Parameters
    ----------
    results : mapping of str to SourceDecomposition
        Name of the method to its decomposition of a panel, all of the same sources.
    names : mapping of str to str
        Words for the sources.
    title : str
    ax : Axes

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        A decomposition is of one year only.

    Examples
    --------
    >>> import spatialreg as sr
    >>> sectors = ["gdp_secondary_100m_yuan", "gdp_tertiary_100m_yuan"]
    >>> parts = sr.disparity.decompose_sources(sr.datasets.provincial_panel(), sources=sectors,
    ...     population="population_10k", values="total")
    >>> ax = sr.plot.source_lines({"natural rule": parts})
    """
    styles = ("solid", (0, (3, 1.5)), (0, (1, 1.2)), "dashdot")
    ax = axes(ax)
    shown: dict[str, str] = {}
    for number, (method, result) in enumerate(results.items()):
        if "year" not in result.frame.columns:
            raise InputError(f"{method!r} is of one year, with no time to draw: decompose a panel")
        wide = result.frame.pivot_table(index="year", columns="source", values="share")
        for source in result.sources:
            colour = shown.setdefault(source, QUALITATIVE[len(shown) % len(QUALITATIVE)])
            ax.plot(wide.index, wide[source], color=colour, ls=styles[number % len(styles)], lw=1.8)
    for source, colour in shown.items():
        ax.plot([], [], color=colour, lw=1.8, label=text((names or {}).get(source, source)))
    for number, method in enumerate(results):
        ax.plot([], [], color="#555555", ls=styles[number % len(styles)], lw=1.8, label=method)
    ax.axhline(0, color="#888888", lw=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_ylabel("share of the index")
    legend_beside(ax)
    return titled(ax, title)
