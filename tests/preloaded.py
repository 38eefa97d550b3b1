"""The process that portals are forked from: what takes long and is always the same is done before."""

import gc

from models.commune import school_calendar
from tests import compiled
from web import __main__  # noqa: F401 (what a fork runs)
from web.page import assets

# Templates are read, style and scripts packed, and the packages of holidays imported.
compiled.all_now()
assets.addresses()
school_calendar.public_holidays(2018, 2018)
school_calendar.holidays("B", 2018, 2018)
gc.freeze()  # what a fork does not touch, it does not copy
