"""HTTP for programs: parse, call a service, present. No story is told here."""
