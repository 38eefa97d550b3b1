"""Tables of other programs: quotients, takings, enrolments. Compared, written as one, taken back within a day."""
