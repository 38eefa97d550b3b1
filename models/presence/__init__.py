"""Days that the portal books by itself for who is enrolled: which, and when; what parents unticked stays so."""
