"""Workbooks as a spreadsheet program saves them."""

import gc
import io
import warnings

import openpyxl


def saved(book: openpyxl.Workbook) -> bytes:
    """Its bytes. The library writes each sheet through a file that it leaves open for the collector to find."""
    held = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        book.save(held)
        gc.collect()
    return held.getvalue()
