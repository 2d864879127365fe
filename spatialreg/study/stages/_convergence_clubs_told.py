"""Sentences about convergence clubs, and about who moves: classes, ranks and humps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from ..._align import some
from ..._results import ClubResult, RankMobilityResult
from .._context import Finding
from ._convergence_measured import MOST_ROWS, Converging, Dynamics
from ._words import at_prices, in_brackets, p_words, sentences

_LISTED = 12  # members of a club that a sentence names


def clubs_told(measured: Converging, words: str, names: pd.Series) -> Finding:
    """Tell whether all converge, and which regions do among themselves."""
    told, headline = [], {}
    for prices, result in measured.clubs.items():
        whole = result.overall
        verdict = "does not reject" if whole.converges else "rejects"
        told.append(
            f"{at_prices(prices)}the log t test {verdict} that all {whole.n} regions converge "
            f"(t = {whole.statistic:.2f}, critical {whole.critical:g})"
        )
        if not whole.converges:
            told += _found(result, names, most=_LISTED if prices == measured.leading else 0)
        number, sizes = len(result.clubs), ", ".join(str(n) for n in result.clubs["n"])
        apart = f", {result.divergent} in none" if result.divergent else ""
        headline[f"Convergence clubs{in_brackets(prices)}"] = (
            f"{number} ({sizes} regions{apart})" if number else "none"
        )
    return Finding(
        "convergence_clubs",
        f"Clubs of {words}. {sentences(told)}",
        None,
        "convergence_clubs",
        "convergence_clubs",
        headline,
        {"convergence_clubs.clubs": float(len(measured.clubs[measured.leading].clubs))},
    )


def _found(result: ClubResult, names: pd.Series, *, most: int) -> list[str]:
    """Name the clubs with their members, and the regions in none."""
    parts = []
    for number, club in result.clubs.iterrows():
        b = float(club["b"])
        kind = "levels meet" if b >= 2 else "growth rates meet" if b > 0 else "not rejected"
        members = _named(club["members"], names, most)
        parts.append(f"club {number} has {club['n']} regions{members} (b = {b:.2f}: {kind})")
    apart = result.frame.index[result.frame["club"] == "divergent"]
    if len(apart):
        parts.append(f"{len(apart)} regions are in no club{_named(apart, names, most)}")
    return parts


def _named(codes: Iterable[object], names: pd.Series, most: int) -> str:
    return f": {some((str(names.get(code, code)) for code in codes), most)}" if most else ""


def moves_told(measured: Converging, names: pd.Series) -> Finding:
    """Tell moves between classes, ranks and humps at the leading prices."""
    start, end = measured.spans[0]
    leading = measured.dynamics[measured.leading]
    others = [
        f"{dynamics.ranks.statistic:.2f} {at_prices(prices).strip()}"
        for prices, dynamics in measured.dynamics.items()
        if prices != measured.leading
    ]
    told = [
        _chain(leading, start, end, measured.section.alpha),
        _ranks(leading.ranks, names, others),
        _humps(leading),
    ]
    return Finding(
        "convergence_dynamics",
        f"Who moves, {start}-{end}{in_brackets(measured.leading)}. {sentences(told)}",
        None,
        "convergence_markov",
        "convergence_ranks" if len(leading.ranks.frame) <= MOST_ROWS else "convergence_densities",
        {
            f"Kendall's tau of ranks in {start} and {end}{in_brackets(prices)}": (
                f"{dynamics.ranks.statistic:.2f}"
            )
            for prices, dynamics in measured.dynamics.items()
        },
        {"convergence_dynamics.tau": float(leading.ranks.statistic)},
    )


def _chain(dynamics: Dynamics, start: int, end: int, alpha: float) -> str:
    shares, near = dynamics.chain.distribution, dynamics.spatial
    lowest, highest = shares.iloc[0], shares.iloc[-1]
    step = "a year" if dynamics.chain.step == 1 else f"in {dynamics.chain.step} years"
    p = p_words(near.lr_p_permutation)
    around = (
        "moves depend on how rich the neighbours are"
        if near.lr_p_permutation < alpha
        else "that moves depend on how rich the neighbours are is not shown"
    )
    return (
        f"the lowest of {len(shares)} classes held {lowest['first']:.0%} of regions in {start} and "
        f"{lowest['last']:.0%} in {end}, the highest {highest['first']:.0%} and "
        f"{highest['last']:.0%}; of the lowest {lowest['leaving']:.1%} left {step}, of the highest "
        f"{highest['leaving']:.1%}; {around} (LR = {near.lr:.1f}, {p} by permutation)"
    )


def _ranks(ranks: RankMobilityResult, names: pd.Series, others: Sequence[str]) -> str:
    change = ranks.frame["change"].dropna().sort_values(kind="stable")
    also = f"; {', '.join(others)}" if others else ""
    sentence = f"ranks agree at tau = {ranks.statistic:.2f} (1 if none changed{also})"
    for words, moved in (("up", change[change > 0].iloc[::-1]), ("down", change[change < 0])):
        if len(moved):
            listed = ", ".join(f"{names.get(c, c)} {n:+g}" for c, n in moved.head(3).items())
            sentence += f"; {words} most {listed}"
    if ranks.spatial is not None:
        row = ranks.spatial.loc[["neighbours"]].iloc[0]
        sentence += (
            f"; between neighbours tau = {row['statistic']:.2f}, {row['expected']:.2f} expected "
            f"({p_words(float(row['p_value']))})"
        )
    return sentence


def _humps(dynamics: Dynamics) -> str:
    p = dynamics.modes["p_value"]
    told = ", ".join(
        f"{year} {p_words(value)}" for year, value in zip(p.index, p.to_numpy(), strict=True)
    )
    return f"Silverman's test for more than one hump in the distribution: {told}"
