"""What is done later, what is sent, and the audit log."""
