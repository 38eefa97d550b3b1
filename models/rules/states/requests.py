"""What a family may ask of the mairie (démarche), and how far a request has come."""

from enum import StrEnum


class RequestKind(StrEnum):
    BOOKING = "booking"
    CANCELLATION = "cancellation"
    FILE_CHANGE = "file_change"  # a name, an address, a telephone: a column of the family's file
    HEALTH_CHANGE = "health_change"  # a child's diet, allergens, care plan
    QUOTIENT = "quotient"  # a new quotient, with its proof
    NEW_PERSON = "new_person"  # a child, or another parent
    ENROLMENT = "enrolment"  # somebody of the family in an activity
    ENROLMENT_END = "enrolment_end"  # and out of it, from a day on


class RequestState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the family, before an answer


ANSWERED = (RequestState.ACCEPTED, RequestState.REFUSED)  # by the mairie
OF_THE_FILE = (
    RequestKind.FILE_CHANGE,
    RequestKind.HEALTH_CHANGE,
    RequestKind.QUOTIENT,
    RequestKind.NEW_PERSON,
    RequestKind.ENROLMENT,
    RequestKind.ENROLMENT_END,
)
# Once accepted, no click takes them back.
LASTING = (
    RequestKind.QUOTIENT,
    RequestKind.NEW_PERSON,
    RequestKind.ENROLMENT,
    RequestKind.ENROLMENT_END,
)
SEVERAL = (
    RequestKind.NEW_PERSON,
    RequestKind.ENROLMENT,
    RequestKind.ENROLMENT_END,
)  # of which several may wait for one family
OF_A_BOOKING = (RequestKind.BOOKING, RequestKind.CANCELLATION)
