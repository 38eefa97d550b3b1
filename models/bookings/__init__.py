"""Booked days, orders, carts, requests, the waiting list, absences."""
