"""The report: one HTML file that needs no network, with a map, tables, figures and methods."""

from ._report import Report, write_report

__all__ = ["Report", "write_report"]
