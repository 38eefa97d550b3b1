"""A day of the commune: who is expected, in numbers and by name."""
