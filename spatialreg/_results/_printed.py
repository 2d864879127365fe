"""How results print: a line a scalar, and the head of the frame."""

from __future__ import annotations

from dataclasses import dataclass, fields
from html import escape
from typing import Any

import numpy as np
import pandas as pd


def _format(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


@dataclass(frozen=True, repr=False)
class _Printed:
    """A repr of one line per scalar field and the head of the frame, in text and in HTML."""

    def _scalars(self) -> list[tuple[str, str]]:
        rows = []
        for item in fields(self):
            value = getattr(self, item.name)
            if item.repr and not isinstance(value, pd.DataFrame | pd.Series | np.ndarray | dict):
                rows.append((item.name, _format(value)))
        return rows

    def __repr__(self) -> str:
        rows = self._scalars()
        width = max((len(name) for name, _ in rows), default=0)
        lines = [type(self).__name__, *(f"  {name:<{width}}  {text}" for name, text in rows)]
        frame = getattr(self, "frame", None)
        if isinstance(frame, pd.DataFrame):
            lines.append(f"  frame: {len(frame)} rows x {frame.shape[1]} columns")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th><td>{escape(text)}</td></tr>"
            for name, text in self._scalars()
        )
        frame = getattr(self, "frame", None)
        table = frame.head(10).to_html() if isinstance(frame, pd.DataFrame) else ""
        return f"<strong>{type(self).__name__}</strong><table>{body}</table>{table}"
