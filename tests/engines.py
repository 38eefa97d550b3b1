"""Which databases a test runs on: both, unless it says otherwise.

PostgreSQL is for what is written for a database: each statement that is written by hand runs there in some test, and
each lock, race and death on both. What a page says, and what was tried there already, is tried on SQLite.
"""

import pytest

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
