"""Pages for people: dashboard, models, runs. They call the services that the API calls, and nothing below.

access       what belongs to whom, for pages
dashboard, model_list (and the guest's), model, run, simulation, simulation_list, compare, shared   one page each
actions      what can be done with a run
form         a run form from a model description, and back into an experiment
drawing      curves as SVG, drawn by the server
plot_data    the same for the plots of a browser
"""
