"""The environment of the tests, set before Django reads its settings (pytest -p fmugateway.testing.environment).

A developer's .env must not change what the tests see, and no test may touch the data of `make run`.
DATABASE_URL, TASKS_BROKER_URL and the like pass through, so that the same tests run on PostgreSQL and Celery.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _redis_of_this_process(url: str, offset: int) -> str:
    """xdist's processes test at the same time: each has two of Redis's sixteen numbered databases."""
    if not url.startswith("redis"):
        return url
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{url.rpartition('/')[0]}/{2 * number + offset}"


if "FMU_TEST_DATA_DIR" not in os.environ:
    os.environ["FMU_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="fmu-gateway-tests-")
    atexit.register(shutil.rmtree, os.environ["FMU_TEST_DATA_DIR"], ignore_errors=True)

# xdist's processes inherit the folder; a test that looks whether anything was left must not see another's files.
DATA_DIR = Path(os.environ["FMU_TEST_DATA_DIR"], os.environ.get("PYTEST_XDIST_WORKER", "main"))
# WhiteNoise warns of a folder that is not there.
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

os.environ |= {
    "ENV_FILE": os.devnull,
    "DEBUG": "0",
    "SECRET_KEY": "a key for tests only, long enough for every check of Django and PyJWT",
    "DATA_DIR": str(DATA_DIR),
    "STATIC_ROOT": str(STATIC_ROOT),
    # The sites that the tests start collect their files once.
    "STATIC_ROOT_OF_SITES": str(DATA_DIR / "static-of-sites"),
    "EMAIL_URL": "memorymail://",
    "FMU_TESTING": "1",
    "STRIPE_STANDIN": "1",
    "SITE_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "LOG_LEVEL": "WARNING",
    # Playwright keeps an event loop in the thread of the tests, which Django takes for asynchronous code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
for _name, _offset in (("TASKS_BROKER_URL", 0), ("CACHE_URL", 1)):
    if _name in os.environ:
        os.environ[_name] = _redis_of_this_process(os.environ[_name], _offset)
