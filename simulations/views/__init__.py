"""Pages for people: dashboard, models, runs. They call the services that the API calls, and nothing below.

One page each
    dashboard, model_list (and the guest's), model, run, simulation, simulation_list, compare, shared

What they do
    access          what belongs to whom, for pages
    actions         what can be done with a run
    uploading       forms with files, judged by their size first
    form            a run form from a model description, and back into an experiment
    previews        input signals before anything runs

What they show
    rows, paging    runs in a list, page by page
    variables       those of a model, searched and filtered
    offers          what the run button says
    drawing         curves as SVG, drawn by the server
    plot_data       the same for the plots of a browser
    texts           text outputs
    differences     what a run was given, against another one
    code            a run as curl and as Python
"""
