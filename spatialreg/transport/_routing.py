"""Travel times between many places: exact, in one matrix or in blocks of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd

from .._align import some
from .._dates import DateLike
from ..errors import DisconnectedWarning, InputError
from ._connect import Connectors
from ._network import Network
from ._question import Places, Question, asked, limit_of
from ._solving import solved, solved_blocks


def travel_times(
    origins: Places,
    destinations: Places,
    network: Network,
    *,
    date: DateLike | None = None,
    cutoff: float | None = None,
    connectors: Connectors | None = None,
    by: str = "minutes",
    method: str = "auto",
) -> pd.DataFrame:
    """Give the travel time from each origin to each destination.

    Parameters
    ----------
    origins, destinations : GeoDataFrame, GeoSeries, Series, Index or sequence
        Points that are joined to the network, labels of its nodes, or a Series that gives for each
        place its node.
    network : Network
    date : date, str or int, optional
        The network as it stood at the end of this day; a year means its last day.
    cutoff : float, optional
        Longer ways are not searched [min], or [m] for ``by="length_m"``.
    connectors : Connectors, optional
        How points are joined; ``Connectors()`` where places are points and nothing is given.
    by : {"minutes", "length_m"}
        The quickest way, or the shortest.
    method : {"auto", "searches", "dissection", "contraction"}
        The search. The answer is the same; ``"auto"`` takes the one that is predicted to be
        quickest.

    Returns
    -------
    DataFrame
        Rows by origin, columns by destination [min] (or [m]); infinity where there is no way
        within `cutoff`. ``attrs``: ``definition`` (in words), ``method`` (the search taken),
        ``unreachable`` (the number of pairs without a way).

    Raises
    ------
    AlignmentError
        A label is no node of the network, or stands twice.
    InputError
        An argument is out of range, or not used by what is asked.

    Warns
    -----
    DisconnectedWarning
        Origins reach no other place, or destinations are reached from none, without a cut-off.

    See Also
    --------
    travel_time_blocks : The same for a matrix that does not fit into memory.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b", "c"],
    ...     geometry=gpd.points_from_xy([0, 1, 2], [0, 0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a", "b"], "end": ["b", "c"], "minutes": [50.0, 40.0]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> sr.travel_times(["a", "b"], ["b", "c"], network)
    destination     b     c
    origin
    a            50.0  90.0
    b             0.0  40.0
    """
    question = asked(origins, destinations, network, date=date, connectors=connectors, by=by)
    limit = limit_of(cutoff)
    values, taken = solved(question.graph.arcs, question.leave, question.arrive, limit, method)
    frame = _framed(question, np.arange(len(question.origins)), values, limit)
    frame.attrs["method"] = taken
    if cutoff is None:
        _warn_of_islands(frame)
    return frame


def travel_time_blocks(
    origins: Places,
    destinations: Places,
    network: Network,
    *,
    block: int = 1024,
    date: DateLike | None = None,
    cutoff: float | None = None,
    connectors: Connectors | None = None,
    by: str = "minutes",
    method: str = "auto",
) -> Iterator[pd.DataFrame]:
    """Give the travel times of :func:`travel_times` in blocks of origins.

    Parameters
    ----------
    origins, destinations, network, date, cutoff, connectors, by, method
        As in :func:`travel_times`.
    block : int
        Origins a block.

    Yields
    ------
    DataFrame
        The rows of the next origins, in their order.

    Examples
    --------
    >>> import geopandas as gpd, pandas as pd, spatialreg as sr
    >>> nodes = gpd.GeoDataFrame(index=["a", "b"],
    ...     geometry=gpd.points_from_xy([0, 1], [0, 0]), crs=4326)
    >>> edges = pd.DataFrame({"start": ["a"], "end": ["b"], "minutes": [50.0]})
    >>> network = sr.Network.from_frames(nodes, edges)
    >>> blocks = sr.transport.travel_time_blocks(nodes.index, nodes.index, network, block=1)
    >>> [rows.index.tolist() for rows in blocks]
    [['a'], ['b']]
    """
    if not (isinstance(block, int) and block > 0):
        raise InputError(f"block must be a whole number of origins from 1 on, not {block!r}")
    question = asked(origins, destinations, network, date=date, connectors=connectors, by=by)
    limit = limit_of(cutoff)
    for rows, values, taken in solved_blocks(
        question.graph.arcs, question.leave, question.arrive, limit, method, block
    ):
        frame = _framed(question, np.arange(rows.start, rows.stop), values, limit)
        frame.attrs["method"] = taken
        yield frame


def _framed(question: Question, rows: np.ndarray, values: np.ndarray, limit: float) -> pd.DataFrame:
    """Label a block of the matrix, with the straight way where that is shorter."""
    values = question.shorten(rows, values, limit)
    frame = pd.DataFrame(
        values,
        index=question.origins[rows].rename("origin"),
        columns=question.destinations.rename("destination"),
    )
    frame.attrs["definition"] = question.words
    frame.attrs["unreachable"] = int(np.isinf(values).sum())
    return frame


def _warn_of_islands(frame: pd.DataFrame) -> None:
    finite = np.isfinite(frame.to_numpy())
    same = frame.index.to_numpy()[:, None] == frame.columns.to_numpy()[None, :]
    others = finite & ~same
    told = []
    for what, labels, reached, pairs in (
        ("origins reach no destination", frame.index, others.any(axis=1), (~same).any(axis=1)),
        ("destinations are not reached", frame.columns, others.any(axis=0), (~same).any(axis=0)),
    ):
        lost = labels[pairs & ~reached]
        if len(lost):
            told.append(f"{len(lost)} of {len(labels)} {what} ({some(lost)})")
    if told:
        warnings.warn(
            f"{'; '.join(told)}: their times are infinite; they stand on an island of the network "
            "or beyond its connectors",
            DisconnectedWarning,
            stacklevel=3,
        )
