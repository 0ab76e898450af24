"""The entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fmugateway.settings")
application = get_wsgi_application()
# Django imports the views at the first request, which takes seconds. Here it happens once, before gunicorn forks.
resolve("/")
