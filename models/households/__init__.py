"""Families that become one, or two: files that merge, households that part."""
