"""A month of the archive as one HTML page that a desk would print: pure data in, text out; no SQL, no network."""

from kwri_crawler.report.page import MonthReport, render
from kwri_crawler.report.terms import Risen, TermCounter, risen

__all__ = ["MonthReport", "Risen", "TermCounter", "render", "risen"]
