"""The roll call (pointage): who was there, when, who took the child; what that changes of what is owed."""
