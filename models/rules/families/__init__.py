"""What a family's file decides: who is known already, which class comes next, from when a quotient counts."""
