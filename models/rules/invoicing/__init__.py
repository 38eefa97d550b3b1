"""The month's invoices: their lines, their numbers, and what has changed since last month. Pure; amounts are cents."""
