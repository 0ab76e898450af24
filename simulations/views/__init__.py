"""Pages for people: dashboard, models, runs. They call the services that the API calls, and nothing below.

access        what belongs to whom, for pages
dashboard, model_list, model, run, simulation, simulation_list, compare, guest, shared   one page each
form          a run form from a model description, and back into an experiment
drawing       curves as SVG, drawn by the server
"""
