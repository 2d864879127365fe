"""An order of points that follows a curve through the plane."""

from __future__ import annotations

import numpy as np

from spatialreg._nearby import neighbouring


def test_an_order_in_which_neighbours_follow_each_other():
    x, y = (part.ravel() for part in np.meshgrid(np.arange(32.0), np.arange(32.0)))
    order = neighbouring(x, y)
    assert sorted(order) == list(range(1024))
    # the curve goes from each place to one beside it
    assert (np.hypot(np.diff(x[order]), np.diff(y[order])) == 1).all()
    assert neighbouring(np.zeros(3), np.zeros(3)).tolist() == [0, 1, 2]
    assert len(neighbouring(np.array([]), np.array([]))) == 0


def test_points_of_one_cell_keep_their_order():
    x = np.array([0.0, 5.0, 0.0, 5.0])
    assert neighbouring(x, x).tolist() == [0, 2, 1, 3]
