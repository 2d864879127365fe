"""What was computed, carried from results to the tables of a study that show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

_NAMED = ("definition", "measure", "words")  # where a result says what was computed


def definition_of(result: Any) -> str:
    """Give what a result, or a frame in its ``attrs``, says was computed; nothing if it does not.

    A text is its own definition.
    """
    if isinstance(result, str):
        return result
    if isinstance(result, pd.DataFrame | pd.Series):
        return str(result.attrs.get("definition", ""))
    return next((str(getattr(result, name)) for name in _NAMED if hasattr(result, name)), "")


def defined(table: pd.DataFrame, *results: Any) -> pd.DataFrame:
    """Say in a table's ``attrs["definition"]`` what was computed.

    A table of several results shares most clauses between them; each is said once.
    """
    clauses = dict.fromkeys(
        clause for result in results for clause in definition_of(result).split("; ") if clause
    )
    if clauses:
        table.attrs["definition"] = "; ".join(clauses)
    return table


def stacked(
    results: Mapping[Any, Any], names: list[str], *, frame: str | None = None
) -> pd.DataFrame:
    """Put frames, or one frame of each result, below each other with what they say."""
    frames = {key: r if frame is None else getattr(r, frame) for key, r in results.items()}
    return defined(pd.concat(frames, names=names), *results.values())
