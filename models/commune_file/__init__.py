"""A commune as a file: its activities, days, deadlines and prices, and for demonstrations its families."""

from models.commune_file.document import Document
from models.commune_file.exporting import export
from models.commune_file.loading import Refused, Report, add_demo_staff, load
from models.commune_file.reading import parse, read, shipped
from models.commune_file.table import WrongFile
from models.commune_file.years import shift_to_year

__all__ = [
    "Document",
    "Refused",
    "Report",
    "WrongFile",
    "add_demo_staff",
    "export",
    "load",
    "parse",
    "read",
    "shift_to_year",
    "shipped",
]
