"""What holds a booking beside its deadline."""
