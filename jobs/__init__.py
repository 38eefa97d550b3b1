"""Work for later: the functions, who runs them, when, and the e-mails they write."""

from jobs import speaking as speaking  # its functions are registered with those of `registry`
