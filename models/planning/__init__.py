"""The grid: what it knows, how it is drawn, what a tick does."""
