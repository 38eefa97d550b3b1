"""Work for later: the functions, who runs them, when, and the letters they write."""
