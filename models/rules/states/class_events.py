"""Why a class is not there."""

from enum import StrEnum


class ClassEventKind(StrEnum):
    TRIP = "trip"
    STRIKE = "strike"
    TEACHER = "teacher"  # is absent, and the children stay at home
    SCHOOL = "school"  # is closed


class Kept(StrEnum):
    """Why a day that an event cancelled stays cancelled when the event is taken back."""

    NO = ""
    FULL = "full"  # somebody else has the place
    BOOKED = "booked"  # the family has booked it anew
    OVER = "over"  # the day has begun
