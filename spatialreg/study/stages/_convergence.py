"""Do the gaps between regions close: dispersion, catching up, clubs, and who moves.

Everything is measured at each kind of prices, constant ones first, because prices that rise faster
in some regions than in others close and open gaps of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .._context import Context, StageResult
from ._convergence_drawn import figures_of, layers_of
from ._convergence_measured import MODEL_WORDS, Converging, Equation, measure
from ._convergence_told import findings_of
from ._defined import defined, stacked


def run(context: Context) -> StageResult:
    """Measure, draw and tell whether the gaps close."""
    section = context.config.convergence
    if section is None:
        return StageResult()
    measured = measure(context, section)
    names = context.regions[context.english(context.regions)]
    return StageResult(
        layers_of(context, measured),
        _tables(measured, names),
        figures_of(context, measured),
        findings_of(context, measured, names),
    )


def _tables(measured: Converging, names: pd.Series) -> dict[str, pd.DataFrame]:
    tables = {
        "convergence_sigma": _stacked(measured.sigma),
        "convergence_sigma_spans": _sigma_of_spans(measured),
        "convergence_beta": _equations(measured),
        "convergence_tests": _tests(measured),
        "convergence_regions": _regions(measured, names),
    }
    if measured.clubs:
        tables["convergence_clubs"] = defined(_clubs(measured, names), *measured.clubs.values())
    if measured.dynamics:
        tables |= _dynamics(measured)
    return tables


def _stacked(frames: dict[str, pd.DataFrame], *results: Any) -> pd.DataFrame:
    return defined(stacked(frames, ["prices"]).reset_index(), *results)


def _equations(measured: Converging) -> pd.DataFrame:
    table = pd.DataFrame([_row(e) for e in measured.equations])
    return defined(table, *(e.result for e in measured.equations if e.result is not None))


def _sigma_of_spans(measured: Converging) -> pd.DataFrame:
    rows = []
    for prices, by_span in measured.sigma_of_spans.items():
        for (start, end), frame in by_span.items():
            trend = frame.attrs["trend"] or {}
            rows.append(
                {
                    "prices": prices,
                    "start": start,
                    "end": end,
                    "regions": frame.attrs["regions"],
                    "sigma_start": frame["sigma"].loc[start],
                    "sigma_end": frame["sigma"].loc[end],
                    "cv_start": frame["cv"].loc[start],
                    "cv_end": frame["cv"].loc[end],
                    "p_value": frame["p_value"].loc[end],
                    "lowest_sigma_in": frame.index[int(frame["sigma"].argmin())],
                    "trend_per_year": trend.get("slope", np.nan),
                    "trend_p_value": trend.get("p_value", np.nan),
                }
            )
    return pd.DataFrame(rows)


def _row(equation: Equation) -> dict[str, Any]:
    """Give an equation as a row of the table in which all stand side by side."""
    effects = {None: "none", "year": "periods", "region+year": "regions and periods"}
    row: dict[str, Any] = {
        "prices": equation.prices,
        "start": equation.span[0],
        "end": equation.span[1],
        "effects": effects[equation.effects],
        "controls": equation.controls,
        "model": MODEL_WORDS[equation.model],
    }
    result = equation.result
    if result is None:
        return row | {"note": equation.why}
    beta = result.frame.loc["log_initial"]
    speed = result.speeds.loc["direct" if "direct" in result.speeds.index else "coefficient"]
    spatial = next((name for name in ("rho", "lambda") if name in result.frame.index), None)
    row |= {
        "end": result.end,
        "years_in_period": result.period,
        "periods": result.periods,
        "regions": result.regions,
        "beta": beta["estimate"],
        "std_error": beta["std_error"],
        "p_value": beta["p_value"],
        "low": beta["low"],
        "high": beta["high"],
        "speed": result.speed,
        "speed_low": speed["speed_low"],
        "speed_high": speed["speed_high"],
        "half_life": result.half_life,
        "half_life_low": speed["half_life_low"],
        "half_life_high": speed["half_life_high"],
        "spatial": np.nan if spatial is None else result.frame.loc[spatial, "estimate"],
        "spatial_p_value": np.nan if spatial is None else result.frame.loc[spatial, "p_value"],
        "r2": result.r2,
        "aic": result.aic,
        "tests_point_to": result.suggested,
        "covariance": result.covariance,
        "note": result.note,
    }
    return row


def _tests(measured: Converging) -> pd.DataFrame:
    """Give the tests of the residuals, and of each model in space against least squares."""
    parts = []
    for equation in measured.equations:
        if equation.result is None:
            continue
        tests = equation.result.diagnostics
        if equation.model != "ols":  # those of the residuals are the same
            tests = tests[tests.index.str.startswith("Likelihood ratio")]
        row = _row(equation)
        told = {key: row[key] for key in ("prices", "start", "end", "effects", "controls")}
        parts.append(tests.reset_index().assign(**told))
    table = pd.concat(parts, ignore_index=True)
    first = ["prices", "start", "end", "effects", "controls", "test"]
    return table[[*first, *(c for c in table.columns if c not in first)]]


def _clubs(measured: Converging, names: pd.Series) -> pd.DataFrame:
    rows = []
    for prices, result in measured.clubs.items():
        whole = result.overall
        rows.append(
            {"prices": prices, "club": "all regions", "n": whole.n, "b": whole.b, "se": whole.se,
             "statistic": whole.statistic, "p_value": whole.p_value, "members": ""}
        )  # fmt: skip
        for number, club in result.clubs.iterrows():
            named = [str(names.get(code, code)) for code in club["members"]]
            numbers = {key: club[key] for key in ("n", "b", "se", "statistic", "p_value")}
            rows.append(
                {"prices": prices, "club": f"club {number}", **numbers,
                 "members": ", ".join(named)}
            )  # fmt: skip
        apart = result.frame.index[result.frame["club"] == "divergent"]
        if len(apart):
            named = [str(names.get(code, code)) for code in apart]
            rows.append(
                {"prices": prices, "club": "divergent", "n": len(apart),
                 "members": ", ".join(named)}
            )  # fmt: skip
    return pd.DataFrame(rows)


def _regions(measured: Converging, names: pd.Series) -> pd.DataFrame:
    """Give a row a region at the leading prices: growth, residual, club, ranks."""
    leading = measured.leading
    growth = pd.DataFrame(
        {
            f"growth_{span[0]}_{span[1]}": equation.result.observations["growth"]
            for span in measured.spans
            if (equation := measured.equation(leading, span)) and equation.result
        }
    )
    whole = measured.equation(leading, measured.spans[0])
    table = growth.join(names.rename("name"))
    if whole is not None and whole.result is not None:
        table["residual"] = whole.result.residuals
    if leading in measured.clubs:
        club = measured.clubs[leading].frame
        table[["club", "path_first", "path_last"]] = club[["club", "first", "last"]]
    if leading in measured.dynamics:
        ranks = measured.dynamics[leading].ranks.frame
        table[["rank_first", "rank_last", "places_gained"]] = ranks[
            ["rank_first", "rank_last", "change"]
        ]
    table.insert(0, "name", table.pop("name"))
    table.insert(0, "prices", leading)
    return table.rename_axis("code").reset_index()


def _dynamics(measured: Converging) -> dict[str, pd.DataFrame]:
    chains, spatial, tests, modes, ranks = {}, {}, {}, {}, {}
    for prices, dynamics in measured.dynamics.items():
        chain, near, mobility = dynamics.chain, dynamics.spatial, dynamics.ranks
        bounds = [*(chain.bounds or ()), np.nan]
        chains[prices] = (
            chain.probabilities.add_prefix("to_")
            .assign(moves=chain.counts.sum(axis=1), up_to=bounds)
            .join(chain.distribution)
        )
        spatial[prices] = near.probabilities.add_prefix("to_").assign(moves=near.counts.sum(axis=1))
        whose = {"chi2": near.chi2, "chi2_p": near.chi2_p, "lr": near.lr, "lr_p": near.lr_p,
                 "dof": near.dof, "lr_p_permutation": near.lr_p_permutation}  # fmt: skip
        tests[prices] = pd.concat(
            [chain.tests, pd.DataFrame(whose, index=pd.Index(["neighbours"], name="hypothesis"))]
        )
        modes[prices] = dynamics.modes
        drawn = pd.DataFrame() if mobility.spatial is None else mobility.spatial
        ranks[prices] = mobility.pairs.join(drawn.reindex(columns=["expected", "p_value"]))
    every = measured.dynamics.values()
    return {
        "convergence_markov": _stacked(chains, *(d.chain for d in every)),
        "convergence_markov_tests": _stacked(tests),
        "convergence_spatial_markov": _stacked(spatial, *(d.spatial for d in every)),
        "convergence_modes": _stacked(modes),
        "convergence_ranks": _stacked(ranks, *(d.ranks for d in every)),
    }
