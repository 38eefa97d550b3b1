"""Households, parents, children, and what they are enrolled in."""
