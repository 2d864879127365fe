"""How the sentences about convergence write prices, shares and p-values."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def sentences(parts: Iterable[str]) -> str:
    """Give parts as sentences, each with its capital and its full stop."""
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def percent(share: float) -> str:
    """Give a share in per cent, with a second decimal where the first says nothing."""
    return f"{share:.2%}" if abs(share) < 0.001 else f"{share:.1%}"


def p_words(p: float) -> str:
    """Give a p-value with the digits that it is worth."""
    if np.isnan(p):
        return "p not defined"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def at_prices(prices: str) -> str:
    """Say at which prices, to begin a sentence; nothing where the study has one kind."""
    return "" if prices == "as given" else f"at {prices} "


def in_brackets(prices: str) -> str:
    """Say at which prices, in brackets; nothing where the study has one kind."""
    return "" if prices == "as given" else f" ({prices})"
