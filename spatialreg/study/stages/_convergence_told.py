"""Sentences about convergence: what, by how much, since when, and how sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ..._align import some
from ..._results import ClubResult, ConvergenceResult, RankMobilityResult
from .._context import Context, Finding
from ._convergence_measured import MODEL_WORDS, MOST_ROWS, Converging, Dynamics, Span

_LISTED = 12  # members of a club that a sentence names


def findings_of(context: Context, measured: Converging, names: pd.Series) -> tuple[Finding, ...]:
    """Tell dispersion, catching up and what it hangs on, clubs, moves, and what is assumed."""
    panel = context.config.panel
    words = panel.label if panel else "value per head"
    findings = [_sigma(measured, words), _beta(measured, words), _models(measured)]
    if measured.clubs:
        findings.append(_clubs(measured, words, names))
    if measured.dynamics:
        findings.append(_moves(measured, names))
    findings.append(_notes(measured))
    return tuple(findings)


def _sigma(measured: Converging, words: str) -> Finding:
    start, end = measured.spans[0]
    years = sorted({year for span in measured.spans for year in span})
    told, headline = [], {}
    for prices, by_span in measured.sigma_of_spans.items():
        whole = by_span[start, end]
        sigma = whole["sigma"]
        one, two = float(sigma[start]), float(sigma[end])
        sentence = (
            f"{_at(prices)}it {_moved(one, two)} from {one:.3f} in {start} to {two:.3f} in {end} "
            f"({_change(whole, (start, end))}){_since(whole, measured.section.alpha)}"
        )
        steps = [f"{s}-{e} {_change(by_span[s, e], (s, e))}" for s, e in measured.spans[1:]]
        lowest = sigma.index[int(sigma.argmin())]
        if start < lowest < end:
            steps.append(f"it was lowest in {lowest}, at {sigma[lowest]:.3f}")
        told.append("; ".join([sentence, *steps]))
        headline[f"Sigma of {words} in {some(years, 20)}{_in(prices)}"] = ", ".join(
            f"{sigma[year]:.3f}" for year in years
        )
    leading = measured.sigma[measured.leading]
    return Finding(
        "convergence_sigma",
        f"Dispersion of {words} (sigma: standard deviation of logarithms, "
        f"{leading.attrs['regions']} regions). {_sentences(told)}",
        measured.section.claim,
        "convergence_sigma_spans",
        "convergence_sigma",
        headline,
        {f"convergence_sigma.{year}": float(leading["sigma"][year]) for year in years},
    )


def _moved(one: float, two: float) -> str:
    return "fell" if two < one else "rose" if two > one else "stayed"


def _change(frame: pd.DataFrame, span: Span) -> str:
    one, two = (float(frame["sigma"][year]) for year in span)
    change = f"{two / one - 1:+.1%}, " if one else ""
    return f"{change}{_p(float(frame['p_value'][span[1]]))}"


def _since(frame: pd.DataFrame, alpha: float) -> str:
    """Say since which year all years differ from the first one, and how."""
    left = (frame["p_value"] < alpha).to_numpy()
    if not left[-1]:
        return ""
    run = int(np.argmin(left[::-1]))  # the first year has no test, so that the run ends
    sigma = frame["sigma"].to_numpy()
    below, above = (sigma[-run:] < sigma[0]).all(), (sigma[-run:] > sigma[0]).all()
    how = "below" if below else "above" if above else "other than"
    since = frame.index[-run]
    return f", {how} {frame.index[0]} in every year since {since} (p < {alpha:g})"


def _beta(measured: Converging, words: str) -> Finding:
    whole = measured.spans[0]
    told, headline, numbers = [], {}, {}
    for prices in measured.prices:
        results = {
            span: equation.result
            for span in measured.spans
            if (equation := measured.equation(prices, span)) and equation.result
        }
        told.append(f"{_at(prices)}{'; '.join(_pace(results[span]) for span in results)}")
        headline[f"Speed of convergence {whole[0]}-{whole[1]}{_in(prices)}"] = _headline(
            results[whole]
        )
        if prices == measured.leading:
            numbers = {
                f"convergence_beta.{start}_{end}": float(result.speed)
                for (start, end), result in results.items()
            }
    level = f"{1 - measured.section.alpha:.0%}"
    return Finding(
        "convergence_beta",
        f"Whether regions with less {words} grew faster (least squares, {level} intervals). "
        f"{_sentences(told)}",
        measured.section.claim,
        "convergence_beta",
        f"convergence_beta_{whole[0]}_{whole[1]}",
        headline,
        numbers,
    )


def _pace(result: ConvergenceResult) -> str:
    """Tell the speed in the plainest words that are true; the half-life where there is one."""
    when = f"in {result.start}-{result.end}"
    if np.isnan(result.speed):
        return f"{when} regions changed places, so that there is no speed"
    low, high = _bounds(result)
    if low <= 0 <= high:
        return (
            f"{when} it cannot be told whether the gap closed or opened ({_percent(result.speed)} "
            f"a year, {_percent(low)} to {_percent(high)})"
        )
    if result.speed < 0:
        return (
            f"{when} the gap opened by {_percent(-result.speed)} a year ({_percent(-high)} to "
            f"{_percent(-low)})"
        )
    return (
        f"{when} the gap closed by {_percent(result.speed)} a year ({_percent(low)} to "
        f"{_percent(high)}), half of it in {result.half_life:.0f} years"
    )


def _headline(result: ConvergenceResult) -> str:
    if np.isnan(result.speed):
        return "no speed: regions changed places"
    half = "" if np.isnan(result.half_life) else f", half-life {result.half_life:.0f} years"
    return f"{_speed(result)} a year{half}"


def _speed(result: ConvergenceResult) -> str:
    if np.isnan(result.speed):
        return "no speed"
    low, high = _bounds(result)
    return f"{_percent(result.speed)} ({_percent(low)} to {_percent(high)})"


def _bounds(result: ConvergenceResult) -> tuple[float, float]:
    kind = "direct" if "direct" in result.speeds.index else "coefficient"
    row = result.speeds.loc[[kind]].iloc[0]
    return float(row["speed_low"]), float(row["speed_high"])


def _models(measured: Converging) -> Finding:
    """Say which model the tests point to over each span, and what the panel says."""
    left, dependent = [], []
    for span in measured.spans:
        equation = measured.equation(measured.leading, span)
        if equation is None or equation.result is None:
            continue
        p = equation.result.diagnostics["p_value"]
        when = f"{span[0]}-{span[1]}"
        tests = f"LM lag {_p(float(p['LM lag']))}, LM error {_p(float(p['LM error']))}"
        suggested = equation.result.suggested
        if suggested in ("", "ols"):
            left.append(f"{when} ({tests})")
            continue
        models = suggested.split(" or ")
        which = " or ".join(MODEL_WORDS[model] for model in models)
        speeds = [
            f"{_speed(other.result)} a year by {MODEL_WORDS[model]}"
            for model in models
            if (other := measured.equation(measured.leading, span, model)) and other.result
        ]
        undecided = " without telling which" if len(models) > 1 else ""
        dependent.append(
            f"in {when} the tests point to {which}{undecided} ({tests}): "
            f"{', '.join(speeds) if speeds else 'not among the models that have an estimate'}"
        )
    told = [f"no dependence between neighbours is left in {', '.join(left)}"] if left else []
    told = ["; ".join([*told, *dependent])]
    pooled, own = (
        equation.result if equation is not None else None
        for equation in (
            measured.equation(measured.leading, measured.spans[0], effects=effects)
            for effects in ("year", "region+year")
        )
    )
    if pooled is not None and own is not None:
        told.append(
            f"in {own.periods} periods of {own.period} years, {own.start}-{own.end}, the speed is "
            f"{_speed(pooled)} if all regions head for one level, too low if they do not; and "
            f"{_speed(own)} if each heads for its own, too high with so few periods (Nickell 1981)"
        )
    return Finding(
        "convergence_models",
        f"What the speed hangs on{_in(measured.leading)}. {_sentences(told)}",
        measured.section.claim,
        "convergence_beta",
        "convergence_speeds",
    )


def _clubs(measured: Converging, words: str, names: pd.Series) -> Finding:
    told, headline = [], {}
    for prices, result in measured.clubs.items():
        whole = result.overall
        verdict = "does not reject" if whole.converges else "rejects"
        told.append(
            f"{_at(prices)}the log t test {verdict} that all {whole.n} regions converge "
            f"(t = {whole.statistic:.2f}, critical {whole.critical:g})"
        )
        if not whole.converges:
            told += _found(result, names, most=_LISTED if prices == measured.leading else 0)
        number, sizes = len(result.clubs), ", ".join(str(n) for n in result.clubs["n"])
        apart = f", {result.divergent} in none" if result.divergent else ""
        headline[f"Convergence clubs{_in(prices)}"] = (
            f"{number} ({sizes} regions{apart})" if number else "none"
        )
    return Finding(
        "convergence_clubs",
        f"Clubs of {words}. {_sentences(told)}",
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


def _moves(measured: Converging, names: pd.Series) -> Finding:
    start, end = measured.spans[0]
    leading = measured.dynamics[measured.leading]
    others = [
        f"{dynamics.ranks.statistic:.2f} {_at(prices).strip()}"
        for prices, dynamics in measured.dynamics.items()
        if prices != measured.leading
    ]
    told = [_chain(leading, start, end), _ranks(leading.ranks, names, others), _humps(leading)]
    return Finding(
        "convergence_dynamics",
        f"Who moves, {start}-{end}{_in(measured.leading)}. {_sentences(told)}",
        None,
        "convergence_markov",
        "convergence_ranks" if len(leading.ranks.frame) <= MOST_ROWS else "convergence_densities",
        {
            f"Kendall's tau of ranks in {start} and {end}{_in(prices)}": (
                f"{dynamics.ranks.statistic:.2f}"
            )
            for prices, dynamics in measured.dynamics.items()
        },
        {"convergence_dynamics.tau": float(leading.ranks.statistic)},
    )


def _chain(dynamics: Dynamics, start: int, end: int) -> str:
    shares, near = dynamics.chain.distribution, dynamics.spatial
    lowest, highest = shares.iloc[0], shares.iloc[-1]
    step = "a year" if dynamics.chain.step == 1 else f"in {dynamics.chain.step} years"
    p = _p(near.lr_p_permutation)
    around = (
        "moves depend on how rich the neighbours are"
        if near.lr_p_permutation < 0.05
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
            f"({_p(float(row['p_value']))})"
        )
    return sentence


def _humps(dynamics: Dynamics) -> str:
    p = dynamics.modes["p_value"]
    told = ", ".join(
        f"{year} {_p(value)}" for year, value in zip(p.index, p.to_numpy(), strict=True)
    )
    return f"Silverman's test for more than one hump in the distribution: {told}"


def _notes(measured: Converging) -> Finding:
    """Say what the tests assume, and which data they went without."""
    sentences = [
        "each region counts once; tests of dispersion and of least squares take regions as "
        "independent, which neighbours rarely are; an error in the first year's value alone looks "
        "like catching up"
    ]
    if measured.clubs:
        test = measured.clubs[measured.leading].overall
        sentences.append(
            "the log t test rejects convergence or does not, and never shows it; it takes the "
            f"smoothed logarithms of {test.years + test.trimmed} years without the first "
            f"{test.trimmed}, wants 15 years or more, and knows nothing of neighbours; clubs are "
            "chosen by many tests on the same data, so that their p-values describe"
        )
    if measured.dynamics:
        sentences.append("the chain hangs on its classes, and takes moves as independent")
    return Finding(
        "convergence_notes",
        f"What tests of convergence assume: {_sentences(['; '.join(sentences), *measured.notes])}",
    )


def _sentences(parts: Iterable[str]) -> str:
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def _percent(share: float) -> str:
    """Give a share in per cent, with a second decimal where the first says nothing."""
    return f"{share:.2%}" if abs(share) < 0.001 else f"{share:.1%}"


def _p(p: float) -> str:
    if np.isnan(p):
        return "p not defined"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def _at(prices: str) -> str:
    return "" if prices == "as given" else f"at {prices} "


def _in(prices: str) -> str:
    return "" if prices == "as given" else f" ({prices})"
