"""Avoirs that are given back: asked for, sent by a transfer, handed over in cash, put back on a card, or refused."""
