"""What the comparison of answers gives: one figure measured in several ways."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ._printed import _Printed


@dataclass(frozen=True, repr=False)
class AnswersComparison(_Printed):
    """Where several ways to measure one figure disagree on whether it rose or fell.

    Attributes
    ----------
    definition : str
        What was compared, in words.
    by : tuple of str
        The choices that tell the variants apart, for example prices and weighting.
    frame : DataFrame
        A row a span: from, to (years), rose, fell, unchanged, no_value (numbers of variants), parts
        (whether some rose while others fell), and hangs_on: the choices, each of which alone turns
        a rise into a fall for some variant, all others held.
    changes : DataFrame
        A row a span and variant: from, to, the choices, start and end (values), change,
        relative_change, and direction (``"rose"``, ``"fell"``, ``"unchanged"``, ``"no value"``).
    """

    definition: str
    by: tuple[str, ...]
    frame: pd.DataFrame = field(repr=False)
    changes: pd.DataFrame = field(repr=False)
