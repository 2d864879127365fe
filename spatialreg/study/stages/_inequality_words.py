"""How the sentences about inequality write measures, prices, years, changes and p-values."""

from __future__ import annotations

from itertools import groupby

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


def measure_words(measure: str) -> str:
    """Give the name of a measure for readers."""
    return MEASURE_WORDS.get(measure, measure)


def label_words(context: Context) -> str:
    """Give what is measured, in the study's words."""
    return context.config.panel.label if context.config.panel else "value per head"


def year_runs(years: pd.Series, every: list[int]) -> str:
    """Write years as runs: 2001-2004 and 2014."""
    places = [every.index(int(year)) for year in years]
    runs = []
    for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        at = [every[place] for _, place in run]
        runs.append(str(at[0]) if len(at) == 1 else f"{at[0]}-{at[-1]}")
    return and_words(runs)


def and_words(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def with_commas(*words: str) -> str:
    """Join the choices that tell a series; a study without prices has none to tell."""
    return ", ".join(word for word in words if word != "as given")


def at_prices(prices: str) -> str:
    return "" if prices == "as given" else f"at {prices} "


def in_brackets(prices: str) -> str:
    return "" if prices == "as given" else f" ({prices})"


def percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.095 else f"{share:.1%}"


def signed_percent(share: float) -> str:
    return f"{share:+.0%}" if abs(share) >= 0.095 else f"{share:+.1%}"


def percent_span(low: float, high: float) -> str:
    one, two = percent(low), percent(high)
    return one if one == two else f"{one} to {two}"


def p_words(p: float) -> str:
    """Write a p-value with two digits that count, never as nought."""
    if p < 0.001:
        return "<.001"
    return f"{p:.2f}"[1:] if 0.0995 <= p < 0.995 else f"{p:.3f}"[1:] if p < 0.0995 else "1"


def with_p(p: float) -> str:
    """Write that p is so much, or below what is written."""
    words = p_words(p)
    return f"p {words[0]} {words[1:]}" if words.startswith("<") else f"p = {words}"
