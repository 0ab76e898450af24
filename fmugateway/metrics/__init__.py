"""The owner's numbers, one definition each, in the docstring of the thing that carries the number."""

from fmugateway.metrics.period import BadPeriod, Period, last_days, parse
from fmugateway.metrics.report import Report, as_json, as_rows, report

__all__ = ["BadPeriod", "Period", "Report", "as_json", "as_rows", "last_days", "parse", "report"]
