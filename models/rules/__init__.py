"""The decisions, pure: dates, ints and `now` come in, an answer goes out.

Only the standard library; no database, no clock, no float.
"""
