"""The till's counter: what is taken there, receipts, reversals, the close of a day, deposits, refunds, reminders."""
