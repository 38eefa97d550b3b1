"""The commune's règlement, written by the portal from what it applies: deadlines, prices, places, payment."""
