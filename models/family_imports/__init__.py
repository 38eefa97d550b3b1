"""Families from a file of another program: read, shown beside what is known, written as one, taken back."""
