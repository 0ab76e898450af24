"""How gunicorn serves the site: `gunicorn -c python:fmugateway.gunicorn_config fmugateway.wsgi`.

Requests wait for their simulation (`Prefer: wait`), so there are many threads to a process: waiting costs a
thread but no CPU. Some of them are never given to those who wait (settings.MAX_WAITING_REQUESTS).
"""

import os
from typing import Any

# settings.py gives a web server a pool of connections.
raw_env = ["WEB_SERVER=1"]
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", os.cpu_count() or 1))
threads = int(os.environ.get("WEB_THREADS", "640"))
# The longest wait of a request is 60 s; uploads over slow lines take longer than a default of 30 s.
timeout = 120
graceful_timeout = 30
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
preload_app = True
control_socket_disable = True


def pre_fork(server: object, worker: object) -> None:
    """What loading the site has opened must not be shared by its processes."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def post_fork(server: object, worker: object) -> None:
    """The process before this one may have been killed in the middle of an upload."""
    from simulations.services import scratch

    scratch.delete_left_over()


def post_worker_init(worker: Any) -> None:
    """From SIGTERM, or its last request, on nobody is kept waiting: after graceful_timeout they would be cut off."""
    from simulations.services import waiting

    waiting.stays = lambda: bool(worker.alive)
