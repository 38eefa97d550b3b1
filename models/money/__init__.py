"""The ledger, invoices, payments."""
