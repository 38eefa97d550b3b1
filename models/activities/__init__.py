"""What can be booked, until when, at what price, with how many places."""
