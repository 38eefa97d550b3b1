"""Work for later: the functions, who runs them, when, and the e-mails they write."""
