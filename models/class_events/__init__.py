"""A class that is not there: what it would cancel, its days cancelled family by family, and booked again."""
