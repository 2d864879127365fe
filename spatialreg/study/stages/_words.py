"""How the sentences of findings write measures, prices, years, shares and p-values."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import numpy as np
import pandas as pd

from .._context import Context

MEASURE_WORDS = {
    "gini": "Gini",
    "theil": "Theil T",
    "mld": "Theil L",
    "cv": "coefficient of variation",
    "hoover": "Hoover index",
    "palma": "Palma ratio",
    "sd_log": "standard deviation of logarithms",
    "max_min": "highest over lowest",
}


def measure_words(measure: object) -> str:
    """Give the name of a measure for readers, also of ``"theil between ..."``."""
    name = str(measure)
    return MEASURE_WORDS.get(name, name.replace("theil", MEASURE_WORDS["theil"]))


def label_words(context: Context) -> str:
    """Give what is measured, in the study's words."""
    return context.config.panel.label if context.config.panel else "value per head"


def capital(words: str) -> str:
    """Begin with a capital."""
    return words[:1].upper() + words[1:]


def sentences(parts: Iterable[str]) -> str:
    """Give parts as sentences, each with its capital and its full stop."""
    return " ".join(f"{capital(part).rstrip('.')}." for part in parts if part)


def and_words(words: list[str]) -> str:
    """Write several one after the other."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def year_runs(years: pd.Series, every: list[int]) -> str:
    """Write years as runs: 2001-2004 and 2014."""
    places = [every.index(int(year)) for year in years]
    runs = []
    for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        at = [every[place] for _, place in run]
        runs.append(str(at[0]) if len(at) == 1 else f"{at[0]}-{at[-1]}")
    return and_words(runs)


def with_commas(*words: str) -> str:
    """Join the choices that tell a series; a study without prices has none to tell."""
    return ", ".join(word for word in words if word != "as given")


def at_prices(prices: str) -> str:
    """Say at which prices, to begin a sentence; nothing where the study has one kind."""
    return "" if prices == "as given" else f"at {prices} "


def in_brackets(prices: str) -> str:
    """Say at which prices, in brackets; nothing where the study has one kind."""
    return "" if prices == "as given" else f" ({prices})"


def percent(share: float) -> str:
    """Give a share in per cent, with a decimal where it is small."""
    return f"{share:.0%}" if share >= 0.095 else f"{share:.1%}"


def signed_percent(share: float) -> str:
    """Give a change in per cent, with its sign."""
    return f"{share:+.0%}" if abs(share) >= 0.095 else f"{share:+.1%}"


def percent_span(low: float, high: float) -> str:
    """Give two shares, or one where they read the same."""
    one, two = percent(low), percent(high)
    return one if one == two else f"{one} to {two}"


def rate(share: float) -> str:
    """Give a rate per year, with a second decimal where the first says nothing."""
    return f"{share:.2%}" if abs(share) < 0.001 else f"{share:.1%}"


def p_number(p: float) -> str:
    """Write a p-value with the digits that it is worth, never as nought."""
    return "<0.001" if p < 0.001 else f"{p:.3f}" if p < 0.0995 else f"{p:.2f}"


def p_words(p: float) -> str:
    """Write that p is so much, or below what is written."""
    if np.isnan(p):
        return "p not defined"
    return "p < 0.001" if p < 0.001 else f"p = {p_number(p)}"
