"""The register of claims beside what the study found, or why it cannot be tested here."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .._context import Context, Finding, StageResult


def run(context: Context) -> StageResult:
    """Put each claim beside the findings that speak to it."""
    section = context.config.claims
    if section is None:
        return StageResult()
    claims = context.sources.claims(section.source)
    told: dict[Any, list[str]] = {}
    for finding in context.findings:
        if finding.claim is not None:
            told.setdefault(finding.claim, []).append(finding.sentence)
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
                "not_tested_because": "" if found else claim["untestable_reason"],
            }
        )
    table = pd.DataFrame(rows).set_index("claim")
    tested = int((table["found"] != "").sum())
    sentence = (
        f"Of {len(table)} claims, {tested} are tested or checked here; each of the others says why "
        "it is not."
    )
    headline = {"Claims tested or checked": f"{tested} of {len(table)}"}
    finding = Finding("claims", sentence, None, "claims", None, headline)
    return StageResult((), {"claims": table}, {}, (finding,))


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
