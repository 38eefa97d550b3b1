"""The month's invoicing: what is due of a period, its drafts, the invoices that leave and what corrects them."""
