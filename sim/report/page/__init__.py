"""The report of a study: one page for those who decide, that works offline and prints well.

A section is a file of its own, in the order in which it is read. Each is made of the few kinds of
block in `blocks`, which `page.html` knows how to lay out and the workbook how to put into sheets.
"""

from sim.report.page.writing import write_report

__all__ = ["write_report"]
