"""What the roll call says of a child in a slot of a day."""

from enum import StrEnum


class AttendanceState(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    UNDONE = "undone"  # the word was taken back: nobody has called the child


CALLED = (AttendanceState.PRESENT, AttendanceState.ABSENT)
