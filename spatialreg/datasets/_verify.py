"""Run the checks of the embedded data and say what each found.

A check measures something that the data must satisfy, or something that is known to fall short,
and says the figure either way. ``holds`` is "yes", "no", or "known" where what falls short stands
among the known limits of the data set.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from .._align import require_one_of
from .._progress import each
from ..errors import MissingDependencyError
from . import _checks_networks, _checks_tables
from ._check import CHECKS, Outcome
from ._tables import sources

_REGISTERED = (_checks_networks, _checks_tables)  # importing them puts their checks on the list


def verify(names: Iterable[str] | None = None) -> pd.DataFrame:
    """Check the embedded data against each other, the map and published figures.

    Parameters
    ----------
    names : iterable of str, optional
        Data sets of :func:`sources`; by default all.

    Returns
    -------
    DataFrame
        A row a check: ``dataset``, ``check`` (what must hold, in words), ``found`` (the figures),
        ``holds`` (``"yes"``, ``"no"``, ``"known"``: falls short as the known limits say, or
        ``"not run"``: a package is missing).

    Raises
    ------
    InputError
        There is no such data set.

    Examples
    --------
    >>> from spatialreg import datasets
    >>> datasets.verify(["claims"])["holds"].unique().tolist()
    ['yes']
    """
    known = list(sources().index)
    asked = known if names is None else list(names)
    for name in asked:
        require_one_of(name, known, "name")
    rows = []
    wanted = [check for check in CHECKS if check.dataset in asked]
    for check in each(wanted, "Checking the data"):
        try:
            outcome = check.run()
        except MissingDependencyError as error:
            outcome = Outcome("not run", str(error))
        rows.append(
            {
                "dataset": check.dataset,
                "check": check.words,
                "found": outcome.found,
                "holds": outcome.holds,
            }
        )
    order = {name: number for number, name in enumerate(known)}
    table = pd.DataFrame(rows, columns=["dataset", "check", "found", "holds"])
    return table.sort_values("dataset", key=lambda s: s.map(order), kind="stable").reset_index(
        drop=True
    )
