"""A run form made from a model description: what it shows, what was filled in, what experiment that asks for."""

from simulations.views.form.run_form import RunForm

__all__ = ["RunForm"]
