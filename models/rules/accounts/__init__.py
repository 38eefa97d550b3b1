"""What may be typed to open an account: the letter's number and code, a user name, an address."""
