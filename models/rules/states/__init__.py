"""In which states orders, payments and requests are; of which kinds requests and notices. Bookings: rules/booking."""
