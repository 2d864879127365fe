"""Blocks of a grid: which cells they hold, with a rim of neighbours, and arrays kept on disk."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

import numpy as np

from ._inputs import Grid


@dataclass(frozen=True)
class Block:
    """A rectangle of cells of a grid of `rows` and `columns`; the ends are not part of it."""

    top: int
    bottom: int
    left: int
    right: int
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the block."""
        return self.bottom - self.top, self.right - self.left

    @property
    def inner(self) -> tuple[slice, slice]:
        """Where the block lies in the grid."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def outer(self) -> tuple[slice, slice]:
        """Where it lies with the cells around it, as far as there are any."""
        return (
            slice(max(self.top - 1, 0), min(self.bottom + 1, self.rows)),
            slice(max(self.left - 1, 0), min(self.right + 1, self.columns)),
        )

    @property
    def window(self) -> tuple[int, int, int, int]:
        """Where the block lies within `outer`: top, bottom, left, right."""
        top, left = self.top - self.outer[0].start, self.left - self.outer[1].start
        return top, top + self.shape[0], left, left + self.shape[1]

    def holds(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Say of each cell whether it is in the block."""
        within = (rows >= self.top) & (rows < self.bottom)
        return within & (columns >= self.left) & (columns < self.right)


def blocks_of(shape: tuple[int, int], size: int) -> list[Block]:
    """Cut a grid into blocks of `size` cells a side, row by row."""
    rows, columns = shape
    return [
        Block(top, min(top + size, rows), left, min(left + size, columns), rows, columns)
        for top in range(0, rows, size)
        for left in range(0, columns, size)
    ]


def read_block(grid: Grid, at: tuple[slice, slice]) -> np.ndarray:
    """Give the decimal numbers of a block, contiguous in memory."""
    return grid.read(at[0].start, at[0].stop, at[1].start, at[1].stop)


def memory_array(shape: tuple[int, int], dtype: type, fill: float | None = None) -> np.ndarray:
    """Give an array in memory."""
    return np.empty(shape, dtype) if fill is None else np.full(shape, fill, dtype)


def disk_array(shape: tuple[int, int], dtype: type, fill: float | None = None) -> np.ndarray:
    """Give an array in a temporary file that goes with it."""
    with tempfile.TemporaryFile() as file:
        array = np.memmap(file, dtype=dtype, mode="w+", shape=shape)
    if fill is not None:
        for top in range(0, shape[0], 256):
            array[top : top + 256] = fill
    return array
