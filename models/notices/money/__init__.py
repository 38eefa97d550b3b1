"""What families are told of money that moves or is late: direct debits, refunds, reminders."""
