"""What families are told of their days: a place that came free, days that the mairie cancelled."""
