"""Passkeys (clés d’accès): a device that knows its owner opens their account, without a password."""
