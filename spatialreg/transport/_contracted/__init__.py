"""Travel times on graphs that no small separator cuts: contract what is easy, search the rest.

Long links between any two ends (flights, a random graph) make the fronts of a dissection too large.
But most vertices still have few neighbours: they are taken out one by one, and arcs between their
neighbours stand for the ways through them. What stays, the core, is searched; then costs are handed
down to the vertices that were taken out. This is a contraction hierarchy (Geisberger and others
2012) that ends where it would no longer pay, searched from one to all (Delling and others 2013).
"""

from ._contracted import Contracted

__all__ = ["Contracted"]
