"""Django's PostgreSQL for the web processes, whose pool would hold everybody for its whole timeout during an outage."""
