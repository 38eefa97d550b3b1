"""What a family may ask of the mairie (démarche), and how far a request has come."""

from enum import StrEnum


class RequestKind(StrEnum):
    BOOKING = "booking"
    CANCELLATION = "cancellation"
    FILE_CHANGE = "file_change"  # a name, an address, a telephone: anything of the family's file


class RequestState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the family, before an answer


ANSWERED = (RequestState.ACCEPTED, RequestState.REFUSED)  # by the mairie
OF_A_BOOKING = (RequestKind.BOOKING, RequestKind.CANCELLATION)
