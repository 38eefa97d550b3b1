"""What a family may ask of the mairie (démarche), and how far a request has come."""

from enum import StrEnum


class RequestKind(StrEnum):
    BOOKING = "booking"
    CANCELLATION = "cancellation"
    FILE_CHANGE = "file_change"  # a name, an address, a telephone: a column of the family's file
    HEALTH_CHANGE = "health_change"  # a child's diet, allergens, care plan
    QUOTIENT = "quotient"  # a new quotient, with its proof
    NEW_PERSON = "new_person"  # a child, or another parent


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
)
LASTING = (RequestKind.QUOTIENT, RequestKind.NEW_PERSON)  # once accepted, no click takes them back
OF_A_BOOKING = (RequestKind.BOOKING, RequestKind.CANCELLATION)
