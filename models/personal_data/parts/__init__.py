"""Each table with something of a family: the columns that are told, kept back, emptied, and why the rest stays."""
