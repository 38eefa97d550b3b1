"""What must be unique, positive or untouchable, table by table: written once for both databases.

A line that is added to one of these files gets a migration that calls `constraints.create`.
"""

from models.storage.constraint_kinds import Constraint
from models.storage.constraint_list.checks import CHECKS
from models.storage.constraint_list.keys import IS_LIVE, KEYS
from models.storage.constraint_list.untouched import APPEND_ONLY

__all__ = ["CONSTRAINTS", "IS_LIVE"]

CONSTRAINTS: tuple[Constraint, ...] = (*KEYS, *CHECKS, *APPEND_ONLY)
