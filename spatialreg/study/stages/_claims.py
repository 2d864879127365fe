"""The register of claims beside what the study found, or why it cannot be tested here."""

from __future__ import annotations

import pandas as pd

from .._context import Context, Finding, StageResult


def run(context: Context) -> StageResult:
    """Put each claim beside the findings that speak to it."""
    section = context.config.claims
    if section is None:
        return StageResult()
    claims = context.sources.claims(section.source)
    told: dict[int, list[str]] = {}
    for finding in context.findings:
        if finding.claim is not None:
            told.setdefault(finding.claim, []).append(finding.sentence)
    rows = []
    for number, claim in claims.iterrows():
        answer = " ".join(told.get(int(number), []))
        rows.append(
            {
                "claim": int(number),
                "section": claim["section"],
                "sentence": claim["sentence"],
                "test": claim["test"],
                "found": answer or claim.get("result", "") or "",
                "not_tested_because": "" if answer else claim.get("untestable_reason", "") or "",
            }
        )
    table = pd.DataFrame(rows)
    tested = int((table["found"] != "").sum())
    sentence = (
        f"Of {len(table)} claims, {tested} are tested or checked here; each of the others says why "
        "it is not."
    )
    return StageResult(
        (), {"claims": table.set_index("claim")}, {}, (Finding("claims", sentence, None, "claims"),)
    )
