"""Every part of the mairie's kit on pages of its own: what no screen uses yet is drawn, asked and looked at here.

`python -m tests.kit` serves them, to look at. The screens of the product need none of this.
"""
