"""What every request passes: limits, sessions, forms, headers, errors."""
