"""The parts of `check.resolve`, one file for each part of a request. Each yields the fields at fault."""
