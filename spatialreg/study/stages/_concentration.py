"""Where production stands, what regions live on, and who outgrew whom.

Shares of groups, the structure of regions and of industries, and growth are told from one table of
totals by industry, each in a module of its own.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

from ...errors import MissingDataWarning
from .._context import Context, Finding, StageResult
from ._concentration_growth import grown
from ._concentration_held import read_held
from ._concentration_shares import shared
from ._concentration_structure import structured


def run(context: Context) -> StageResult:
    """Measure shares, structure and growth."""
    section = context.config.concentration
    if section is None:
        return StageResult()
    held = read_held(context, section)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", MissingDataWarning)
        results = [
            shared(context, section, held),
            structured(context, section, held),
            grown(section, held),
        ]
    lost = [str(w.message) for w in caught if issubclass(w.category, MissingDataWarning)]
    notes = [*held.notes, *dict.fromkeys(lost)]
    for w in caught:
        if not issubclass(w.category, MissingDataWarning):
            warnings.warn_explicit(w.message, w.category, w.filename, w.lineno)
    findings = [finding for result in results for finding in result.findings]
    findings = [replace(finding, claim=section.claim) for finding in findings]
    return StageResult(
        tuple(layer for result in results for layer in result.layers),
        {name: table for result in results for name, table in result.tables.items()},
        {name: figure for result in results for name, figure in result.figures.items()},
        (*findings, Finding("concentration_notes", f"Mind: {'; '.join(notes)}.")),
    )
