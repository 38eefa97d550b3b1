"""The nouns of the portal, in the order they lean on each other."""

NOUNS = [
    "models.clock",  # what time is it
    "models.heartbeat",  # can anything be written
    "models.commune",  # the town and its settings
    "models.till",  # who takes the money (régie)
    "models.school_year",  # a year and its exceptional closures
    "models.school",  # a school and its levels
    "models.activity",  # what a family can book: canteen, care, Wednesdays
    "models.slot",  # the part of the day that is ticked
    "models.group",  # an age band with its places
    "models.opening",  # a slot, a group, a date: places and taken
    "models.deadline",  # until when
    "models.tariff",  # at what price
    "models.family",  # what pays: the household
    "models.guardian",  # a parent who signs in
    "models.child",  # who eats and plays; linked to one or two families
    "models.quotient",  # the family's quotient over time
    "models.enrolment",  # a child in an activity
    "models.membership",  # the fee paid before booking
    "models.member",  # somebody of the mairie
    "models.session",  # who is signed in, where
    "models.throttle",  # how many wrong passwords lately
    "models.task",  # work for later
    "models.letter",  # e-mails, written once
    "models.event",  # the journal
    "models.order",  # a validated recap
    "models.booking",  # a child has a place, asked for one, had one
    "models.cart",  # the wishes of a family that are not validated yet
    "models.waiting",  # who waits for a place
    "models.request",  # what waits for the mairie's answer
    "models.absence",  # a child will not come to a booked day
    "models.ledger",  # every cent, twice, for ever
    "models.invoice",  # issued documents
    "models.payment",  # an attempt to pay
    "models.anomaly",  # what the mairie must look at about payments
    "models.banks.demo",  # the demo bank's own books
]
