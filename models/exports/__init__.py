"""What leaves the portal for other programs: the ledger for accountants, lists for spreadsheets."""
