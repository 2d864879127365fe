"""Transport: networks of several modes and dates, and the routes through them."""

from ._noding import Noded, noded
from ._speeds import DEFAULT_SPEEDS

__all__ = ["DEFAULT_SPEEDS", "Noded", "noded"]
