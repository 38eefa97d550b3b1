"""What a till decides: what becomes of money that is handed over, which reminder comes next, when a debit is due."""
