"""Comparable figures over time: constant prices, price indices, and vintages side by side."""

from __future__ import annotations

from ._constant import constant_prices, implicit_deflator, rebase_index
from ._vintages import compare_vintages

__all__ = ["compare_vintages", "constant_prices", "implicit_deflator", "rebase_index"]
