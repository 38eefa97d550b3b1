"""Families from a file of another program: which column says what, what a line says, what it would change."""
