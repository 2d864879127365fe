"""Small inputs for the disparity tests, made in code."""

import numpy as np
import pandas as pd
import pytest

import spatialreg as sr


@pytest.fixture
def regions():
    """Six regions in three provinces in two zones."""
    return pd.DataFrame(
        {
            "income": [1.0, 3.0, 4.0, 4.0, 2.0, 10.0],
            "people": [4, 2, 1, 3, 5, 1],
            "zone": list("wwweee"),
            "province": ["p", "p", "q", "r", "r", "r"],
        },
        index=list("abcdef"),
    )


@pytest.fixture
def panel():
    """Twelve regions, five years, values that drift apart."""
    rng = np.random.default_rng(7)
    codes = [f"{i:02d}" for i in range(12)]
    start = rng.lognormal(3, 0.5, 12)
    growth = rng.normal(0.05, 0.03, 12)
    frames = [
        pd.DataFrame(
            {
                "code": codes,
                "year": 2000 + t,
                "income": start * np.exp(growth * t),
                "people": rng.integers(10, 90, 12),
                "zone": [("n", "s", "w")[i % 3] for i in range(12)],
            }
        )
        for t in range(5)
    ]
    return sr.to_panel(pd.concat(frames))
