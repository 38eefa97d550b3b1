"""The nouns of the portal, in the order they lean on each other."""

NOUNS = [
    "models.clock",  # what time is it
    "models.storage.heartbeat",  # can anything be written
    "models.commune.town_logo",  # a picture that the town is known by
    "models.commune.commune",  # the town and its settings
    "models.commune.till",  # who takes the money (régie)
    "models.commune.school_year",  # a year and its exceptional closures
    "models.commune.shuttle",  # shuttles (navettes): lines and their stops
    "models.commune.class_event",  # classes that are not there on some days: a trip, a strike
    "models.commune.school",  # a school and its levels
    "models.activities.activity",  # what a family can book: canteen, care, Wednesdays
    "models.activities.slot",  # the part of the day that is ticked
    "models.activities.group",  # an age band with its places
    "models.activities.opening",  # a slot, a group, a date: places and taken
    "models.activities.deadline",  # until when
    "models.activities.tariff",  # at what price
    "models.families.family",  # what pays: the household
    "models.families.guardian",  # a parent who signs in
    "models.families.child",  # who eats and plays; linked to one or two families
    "models.families.file.health",  # a child's diet, allergens and care plan (PAI), sealed
    "models.families.file.contact",  # who may fetch a child, whom to call
    "models.families.file.consent",  # what parents allow for a child (autorisation)
    "models.families.file.required_document",  # a paper that the commune asks of families (pièce)
    "models.families.file.sent_document",  # one that a family sent
    "models.families.file.merge",  # two files that are one family
    "models.families.quotient",  # the family's quotient over time
    "models.families.aid",  # what a third party (CAF, CCAS) pays of its invoices
    "models.families.child_stop",  # where a child gets on a shuttle
    "models.families.enrolment",  # a child in an activity
    "models.families.file.passage",  # a school year that turns
    "models.families.enrolment_wait",  # a child that waits for a place in one
    "models.families.membership",  # the fee paid before booking
    "models.access.member",  # somebody of the mairie
    "models.access.session",  # who is signed in, where
    "models.access.calendar_feed",  # a parent’s days in other calendars, under a secret address
    "models.access.passkeys.passkey",  # a key of somebody’s device, which opens their account (clé d’accès)
    "models.access.passkeys.challenge",  # what such a key has signed already
    "models.access.token",  # a secret that an e-mail carries, for one use
    "models.access.staff.recovery_code",  # what lets an agent in who has lost their telephone
    "models.access.staff.invitation",  # the link with which an agent chooses a password
    "models.access.letter",  # the code of a first connection, on paper
    "models.access.throttle",  # how many wrong passwords lately
    "models.work.task",  # work for later
    "models.work.email",  # e-mails, written once
    "models.work.email_attachment",  # files that go with an e-mail
    "models.work.notice",  # what a family is told, whatever carries it
    "models.work.audit_log",  # the journal
    "models.notifying.bell_entry",  # what a parent was told lately, read or not
    "models.notifying.push_key",  # the portal’s own key before the browsers’ services
    "models.notifying.push_subscription",  # a browser that a parent lets the portal ring
    "models.notifying.texts.text_message",  # a text message (SMS) to one telephone
    "models.bookings.order",  # a validated recap
    "models.bookings.booking",  # a child has a place, asked for one, had one
    "models.bookings.cart",  # the wishes of a family that are not validated yet
    "models.bookings.waiting_list",  # who waits for a place
    "models.bookings.family_request",  # what waits for the mairie's answer
    "models.bookings.day.kitchen_list",  # how many meals a kitchen was told at the limit
    "models.bookings.absence",  # a child will not come to a booked day
    "models.bookings.roll.attendance",  # the roll call: a child was there, or was not
    "models.bookings.roll.roll_closing",  # a service whose roll call is over
    "models.bookings.roll.roll_charge",  # what the roll call changed of a prepaid day
    "models.messages.department",  # whom families write to (service), and about what (thème)
    "models.messages.thread",  # a conversation with the mairie, and its messages
    "models.messages.note",  # what the mairie writes to itself about a conversation (note interne)
    "models.messages.mass.mass_attachment",  # the file of such a message, kept once
    "models.messages.mass.mass_message",  # the same words to many families, and who they are (envoi groupé)
    "models.messages.attachment",  # a file that came with a message
    "models.messages.canned_answer",  # what the mairie answers often (réponse type)
    "models.money.ledger",  # every cent, twice, for ever
    "models.money.invoice",  # issued invoices
    "models.money.credit_note",  # what takes an issued invoice back
    "models.money.number_series",  # numbers without a hole
    "models.money.issued_document",  # papers as they were issued
    "models.money.suspension",  # a family that books on, whatever it is late with
    "models.money.credit_use",  # an avoir that paid some of an invoice
    "models.money.payment",  # an attempt to pay, and what it is for
    "models.money.anomaly",  # what the mairie must look at about payments
    "models.class_events.cancelled_day",  # a booking that a class event cancelled
    "models.publishing.news",  # what the commune tells everybody (actualité)
    "models.publishing.published_document",  # a file that everybody may download
    "models.publishing.meal_menu",  # what is served at a meal of a day
    "models.direct_debit.mandate",  # whose account may be debited, for which till
    "models.direct_debit.debit_batch",  # the file that asks a bank to collect
    "models.direct_debit.debit",  # the collection of an invoice
    "models.invoicing.campaign",  # a month's invoicing of a till
    "models.invoicing.draft",  # an invoice that may still be made again
    "models.invoicing.invoiced_booking",  # which booking is on which invoice
    "models.certificates.run",  # the tax certificates of a year, prepared and issued
    "models.certificates.certificate",  # what a family paid for care in a year
    "models.counter.receipt",  # what a till's counter took, numbered
    "models.counter.reversal",  # a taking that is taken back
    "models.counter.closing",  # a day of a till that is over
    "models.counter.write_off",  # a sum that a till gives up
    "models.counter.refunds.refund",  # an avoir that is given back
    "models.counter.refunds.discharge",  # the cash of one, which a family signs for
    "models.counter.refunds.card_refund",  # an order to a bank to put one back on the card
    "models.counter.reminder",  # a reminder of invoices past their day
    "models.counter.deposit",  # cheques and cash taken to the bank
    "models.counter.bank_line",  # what the bank says that it credited to a till
    "models.counter.bank_match",  # that beside what the till awaited
    "models.counter.bank_aside",  # a line of the bank that stands for nothing here
    "models.personal_data.data_copy",  # a paper of all that is kept of a household, for the parent who asked
    "models.family_imports.family_import",  # a file of families, and what each of its lines did
    "models.activity_file.draft",  # an activity that is being made
    "models.banks.demo",  # the demo bank's own books
]
