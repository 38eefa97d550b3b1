"""The words of the règlement: limits, prices, absences."""
