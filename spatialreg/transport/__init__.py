"""Transport: networks of several modes and dates, and the routes through them."""

from ._noding import Noded, noded

__all__ = ["Noded", "noded"]
