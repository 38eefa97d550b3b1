"""What other rooms know of a family, as its file shows it."""
