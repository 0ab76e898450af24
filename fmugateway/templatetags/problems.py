"""What a run's error code means and what to do about it, from the same list as the docs."""

from __future__ import annotations

from django import template

from fmugateway.problem_codes import RUN_PROBLEMS, Problem

register = template.Library()


@register.filter
def run_problem(code: str) -> Problem | None:
    return RUN_PROBLEMS.get(code)
