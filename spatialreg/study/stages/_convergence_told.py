"""Sentences about convergence: what, by how much, since when, and how sure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..._align import some
from ..._results import ConvergenceResult
from .._context import Context, Finding
from ._convergence_clubs_told import clubs_told, moves_told
from ._convergence_measured import MODEL_WORDS, Converging, Span
from ._words import at_prices, in_brackets, p_words, rate, sentences


def findings_of(context: Context, measured: Converging, names: pd.Series) -> tuple[Finding, ...]:
    """Tell dispersion, catching up and what it hangs on, clubs, moves, and what is assumed."""
    panel = context.config.panel
    words = panel.label if panel else "value per head"
    findings = [_sigma(measured, words), _beta(measured, words), _models(measured)]
    if measured.clubs:
        findings.append(clubs_told(measured, words, names))
    if measured.dynamics:
        findings.append(moves_told(measured, names))
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
            f"{at_prices(prices)}it {_moved(one, two)} from {one:.3f} in {start} to {two:.3f} in "
            f"{end} ({_change(whole, (start, end))}){_since(whole, measured.section.alpha)}"
        )
        steps = [f"{s}-{e} {_change(by_span[s, e], (s, e))}" for s, e in measured.spans[1:]]
        lowest = sigma.index[int(sigma.argmin())]
        if start < lowest < end:
            steps.append(f"it was lowest in {lowest}, at {sigma[lowest]:.3f}")
        told.append("; ".join([sentence, *steps]))
        headline[f"Sigma of {words} in {some(years, 20)}{in_brackets(prices)}"] = ", ".join(
            f"{sigma[year]:.3f}" for year in years
        )
    leading = measured.sigma[measured.leading]
    return Finding(
        "convergence_sigma",
        f"Dispersion of {words} (sigma: standard deviation of logarithms, "
        f"{leading.attrs['regions']} regions). {sentences(told)}",
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
    return f"{change}{p_words(float(frame['p_value'][span[1]]))}"


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
        told.append(f"{at_prices(prices)}{'; '.join(_pace(results[span]) for span in results)}")
        headline[f"Speed of convergence {whole[0]}-{whole[1]}{in_brackets(prices)}"] = _headline(
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
        f"{sentences(told)}",
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
            f"{when} it cannot be told whether the gap closed or opened ({rate(result.speed)} "
            f"a year, {rate(low)} to {rate(high)})"
        )
    if result.speed < 0:
        return (
            f"{when} the gap opened by {rate(-result.speed)} a year ({rate(-high)} to {rate(-low)})"
        )
    return (
        f"{when} the gap closed by {rate(result.speed)} a year ({rate(low)} to "
        f"{rate(high)}), half of it in {result.half_life:.0f} years"
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
    return f"{rate(result.speed)} ({rate(low)} to {rate(high)})"


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
        tests = f"LM lag {p_words(float(p['LM lag']))}, LM error {p_words(float(p['LM error']))}"
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
        f"What the speed hangs on{in_brackets(measured.leading)}. {sentences(told)}",
        measured.section.claim,
        "convergence_beta",
        "convergence_speeds",
    )


def _notes(measured: Converging) -> Finding:
    """Say what the tests assume, and which data they went without."""
    told = [
        "each region counts once; tests of dispersion and of least squares take regions as "
        "independent, which neighbours rarely are; an error in the first year's value alone looks "
        "like catching up"
    ]
    if measured.clubs:
        test = measured.clubs[measured.leading].overall
        told.append(
            "the log t test rejects convergence or does not, and never shows it; it takes the "
            f"smoothed logarithms of {test.years + test.trimmed} years without the first "
            f"{test.trimmed}, wants 15 years or more, and knows nothing of neighbours; clubs are "
            "chosen by many tests on the same data, so that their p-values describe"
        )
    if measured.dynamics:
        told.append("the chain hangs on its classes, and takes moves as independent")
    return Finding(
        "convergence_notes",
        f"What tests of convergence assume: {sentences(['; '.join(told), *measured.notes])}",
    )
