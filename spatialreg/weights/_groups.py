"""Graphs from groups: regions of the same group are neighbours."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from .._align import require_one_of, require_unique
from ..errors import InputError
from ._build import Transform, transformed
from ._isolates import tell_isolates


def weights_from_groups(
    groups: pd.Series,
    *,
    isolates: Literal["keep", "raise"] = "keep",
    transform: Transform = "r",
) -> Graph:
    """Build a graph in which regions of the same group are neighbours (block weights).

    Parameters
    ----------
    groups : Series
        The group of each region, for example its province, labelled by region. A region without
        one belongs to none.
    isolates : {"keep", "raise"}
        What to do with regions that are alone in their group or in none.
    transform : {"r", "b", "d", "v", "o"}
        As in :func:`build_weights`.

    Returns
    -------
    libpysal.graph.Graph
        In the order of `groups`.

    Raises
    ------
    InputError
        `groups` is no Series, or ``isolates="raise"`` and there are some.
    AlignmentError
        A code stands in the index twice.

    Warns
    -----
    IsolateWarning
        Regions are alone.

    Examples
    --------
    >>> import pandas as pd
    >>> import spatialreg as sr
    >>> graph = sr.weights.weights_from_groups(pd.Series({"a": "east", "b": "east", "c": "west",
    ...                                                   "d": "west", "e": "west"}))
    >>> graph["c"].to_dict()
    {'d': 0.5, 'e': 0.5}
    """
    if not isinstance(groups, pd.Series):
        raise InputError(
            f"groups must be a pandas Series labelled by region, not {type(groups).__name__}"
        )
    require_unique(groups.index, "groups")
    require_one_of(isolates, ("keep", "raise"), "isolates")
    require_one_of(str(transform).lower(), ("r", "b", "d", "v", "o"), "transform")
    number, found = pd.factorize(groups)
    inside = number >= 0
    ones = np.ones(int(inside.sum()))
    member = sparse.csr_array(
        (ones, (np.flatnonzero(inside), number[inside])), shape=(len(groups), max(len(found), 1))
    )
    matrix = sparse.csr_array(member @ member.T)
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    tell_isolates(matrix, groups.index, isolates, "are alone in their group or in none")
    graph = transformed(matrix, groups.index, transform)
    graph.build_notes = {"method": "groups"}
    return graph
