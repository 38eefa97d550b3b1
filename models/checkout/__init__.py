"""From the cart to booked and paid days."""
