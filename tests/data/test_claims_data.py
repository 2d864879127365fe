"""The claims register: nineteen claims, each with a finding or the reason why it has none."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "spatialreg" / "data"
CLAIMS = tomllib.loads((DATA / "claims.toml").read_text(encoding="utf-8"))["claim"]
KEYS = {"id", "section", "sentence", "test", "finding", "untestable_reason", "mind"}
ANSWERED = {
    1: "demo:inequality",
    3: "arithmetic",
    4: "demo:service_spending",
    5: "demo:composite_standard",
    7: "arithmetic",
    8: "demo:poverty_exits",
    9: "demo:expressway_length",
    10: "demo:expressways_0",
    11: "demo:hsr_0",
    12: "demo:airports_0",
    13: "demo:hsr_access_reach",
    15: "demo:before_and_after_transfers",
    17: "demo:urban_rural_income",
    19: "demo:composite_coupling",
}
FIGURE_KEYS = {"what", "unit", "stated", "measured", "reason"}
ARITHMETIC_KEYS = {
    "label",
    "numerator",
    "denominator",
    "scale",
    "unit",
    "value",
    "decimals",
    "basis",
}
ARITHMETIC = [
    pytest.param(check, id=f"{claim['id']}: {check['label']}")
    for claim in CLAIMS
    for check in claim.get("arithmetic", [])
]


def test_the_register_has_the_nineteen_claims_in_order() -> None:
    assert [claim["id"] for claim in CLAIMS] == list(range(1, 20))


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim["id"]))
def test_a_claim_says_what_would_test_it_and_what_to_mind(claim: dict) -> None:
    assert set(claim) - {"arithmetic", "figure"} == KEYS
    for key in ("section", "sentence", "test", "mind"):
        assert claim[key].strip(), key
    for part in claim["section"].split(", "):
        assert part.replace(".", "").isdigit()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim["id"]))
def test_a_claim_has_a_finding_or_a_reason_and_not_both(claim: dict) -> None:
    assert bool(claim["finding"]) != bool(claim["untestable_reason"].strip())


def test_every_finding_answers_the_claim_that_it_is_made_for() -> None:
    answered = {claim["id"]: claim["finding"] for claim in CLAIMS if claim["finding"]}
    assert answered == ANSWERED


def test_a_figure_says_what_it_is_held_against_and_why_it_may_differ() -> None:
    figures = [figure for claim in CLAIMS for figure in claim.get("figure", [])]
    assert {figure["stated"] for figure in figures} >= {170000, 10.43, 55, 204, 248, 0.83}
    for figure in figures:
        assert set(figure) - {"over"} == FIGURE_KEYS
        assert figure["what"].strip() and figure["reason"].strip()


def test_an_arithmetic_finding_has_its_arithmetic() -> None:
    with_checks = {claim["id"] for claim in CLAIMS if claim.get("arithmetic")}
    assert {claim["id"] for claim in CLAIMS if claim["finding"] == "arithmetic"} <= with_checks
    assert with_checks == {3, 7, 9}


@pytest.mark.parametrize("check", ARITHMETIC)
def test_the_stated_value_is_what_the_figures_give(check: dict) -> None:
    assert set(check) == ARITHMETIC_KEYS
    given = sum(check["numerator"]) / check["denominator"] * check["scale"]
    assert round(given, check["decimals"]) == check["value"]


def test_the_figures_are_the_papers() -> None:
    # 472 + 222 = 694 projects; 1,684 over 96.4 billion yuan; 170,000 km over 10.43.
    by_claim = {claim["id"]: claim["arithmetic"] for claim in CLAIMS if "arithmetic" in claim}
    whole, inland, coast = by_claim[3]
    assert (whole["numerator"], whole["denominator"]) == ([472, 222], 694)
    assert (inland["value"], coast["value"]) == (68.0, 32.0)
    assert by_claim[7][0]["value"] == 17.5
    assert by_claim[9][0]["value"] == 16300
