"""The register of claims beside what the study found, or why it cannot be tested here.

A claim's own figures are worked out again from each other (``arithmetic``), and held against what
the study measured or a national series states (``figure``), with the difference and its likely
reason.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..._align import some
from ...errors import ConfigError
from .._context import Context, Finding, StageResult


def run(context: Context) -> StageResult:
    """Put each claim beside the findings that speak to it, and each figure beside ours."""
    section = context.config.claims
    if section is None:
        return StageResult()
    claims = context.sources.claims(section.source)
    told: dict[Any, list[str]] = {}
    for finding in context.findings:
        if finding.claim is not None:
            told.setdefault(finding.claim, []).append(finding.sentence)
    unknown = sorted(set(told) - set(claims.index), key=str)
    if unknown:
        raise ConfigError(
            f"sections of the study speak to claims {some(unknown)}, which the register "
            f"{section.source} does not have; it has {some(claims.index, 30)}"
        )
    left_out = "its stages were not part of this run" if context.partial else ""
    rows = []
    for number, claim in claims.iterrows():
        found = " ".join([*told.get(number, []), *_arithmetic(claim.get("arithmetic"))])
        rows.append(
            {
                "claim": number,
                "section": claim["section"],
                "sentence": claim["sentence"],
                "test": claim["test"],
                "found": found,
                "not_tested_because": "" if found else claim["untestable_reason"] or left_out,
                "mind": claim.get("mind", ""),
            }
        )
    table = pd.DataFrame(rows).set_index("claim")
    figures = _figures(context, claims)
    tested = int((table["found"] != "").sum())
    sentence = (
        f"Of {len(table)} claims, {tested} are tested or checked here; each of the others says why "
        "it is not."
    )
    headline = {"Claims tested or checked": f"{tested} of {len(table)}"}
    tables, words = {"claims": table}, []
    if len(figures):
        tables["claim_figures"] = figures.set_index("claim")
        words = [
            f"{row['what']}: {row['stated']:,.10g} stated, {row['measured']:,.10g} here "
            f"({row['difference']:+,.6g}; {row['likely_reason']})"
            for row in figures.to_dict("records")
        ]
    findings = [Finding("claims", sentence, None, "claims", None, headline)]
    if words:
        findings.append(
            Finding("claim_figures", f"Figures of the claims. {'. '.join(words)}.", None,
                    "claim_figures")
        )  # fmt: skip
    return StageResult((), tables, {}, tuple(findings))


def _arithmetic(checks: Any) -> list[str]:
    """Work out the claim's own figures again, and say whether they hold."""
    if not isinstance(checks, list):
        return []
    words = []
    for check in checks:
        got = sum(check["numerator"]) / check["denominator"] * check["scale"]
        holds = round(got, check["decimals"]) == round(check["value"], check["decimals"])
        words.append(
            f"Arithmetic, {check['label']}: {got:,.{max(check['decimals'], 0)}f} {check['unit']}, "
            f"{'as' if holds else 'not as'} stated ({check['value']:,})."
        )
    return words


def _figures(context: Context, claims: pd.DataFrame) -> pd.DataFrame:
    """Hold each figure that a claim states against ours."""
    if "figure" not in claims.columns:
        return pd.DataFrame()
    numbers = {key: n for finding in context.findings for key, n in finding.numbers.items()}
    rows = []
    for number, figures in claims["figure"].items():
        for figure in figures if isinstance(figures, list) else ():
            try:
                measured = _number(context, numbers, figure["measured"])
                if "over" in figure:
                    measured /= _number(context, numbers, figure["over"])
            except ConfigError:
                if context.partial:  # the stage that measures it was not asked for
                    continue
                raise
            rows.append(
                {
                    "claim": number,
                    "what": figure["what"],
                    "unit": figure["unit"],
                    "stated": float(figure["stated"]),
                    "measured": measured,
                    "difference": measured - figure["stated"],
                    "ratio": measured / figure["stated"] if figure["stated"] else float("nan"),
                    "likely_reason": figure["reason"],
                }
            )
    return pd.DataFrame(rows)


def _number(context: Context, numbers: dict[str, float], key: Any) -> float:
    """Give a number as it is, of a finding, or of the national series (national/column/year)."""
    if isinstance(key, int | float):
        return float(key)
    if key in numbers:
        return float(numbers[key])
    parts = key.split("/")
    panel = context.config.panel
    if len(parts) == 3 and parts[0] == "national" and panel is not None and panel.national:
        return float(context.sources.by_year(panel.national).loc[int(parts[2]), parts[1]])
    raise ConfigError(
        f"a claim is held against {key!r}, which no finding of this study gives: leave that figure "
        "out of the register, or add the section that measures it"
    )
