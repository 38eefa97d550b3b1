"""The words that pages and e-mails share. Pure: a value in, French out; the screens' own sentences stay with them."""
