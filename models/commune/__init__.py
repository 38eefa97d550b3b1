"""The town: its settings, who takes the money, schools, school years and their calendar."""
