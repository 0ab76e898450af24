"""What jobs share is not counted, all else goes on as before. In processes of their own: it changes them for good."""

from __future__ import annotations

import subprocess
import sys

import pytest

_BEGINNING = """
import gc, os, sys
from simulations.fmi.cage.inside import immortal

class Thing:
    pass

SHARED = {"thing": Thing(), "text": "not interned: " + str(os.getpid())}

def function(value="a default " + str(os.getpid())):
    return ("a constant", 1234567.5, value)

assert immortal.make_all()
"""
_END = "\nos._exit(0)\n"


def run(script: str, *, beginning: str = _BEGINNING) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", beginning + script + _END]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "shared",
    ["SHARED", "SHARED['thing']", "SHARED['text']", "Thing", "function", "function.__code__", "function()[1]", "sys"],
)
def test_shared_object_is_not_counted(shared: str) -> None:
    """Eight more references, and no write to its page."""
    done = run(f"""
before = sys.getrefcount({shared})
more = [{shared}] * 8
assert sys.getrefcount({shared}) == before, (before, sys.getrefcount({shared}))
""")
    assert done.returncode == 0, done.stderr


def test_new_objects_are_counted_and_collected() -> None:
    done = run("""
import weakref
thing = Thing()
before = sys.getrefcount(thing)
more = [thing] * 8
assert sys.getrefcount(thing) == before + 8
watched = weakref.ref(thing)
thing.itself = thing
del thing, more
gc.collect()
assert watched() is None
""")
    assert done.returncode == 0, done.stderr


def test_shared_objects_can_still_be_changed() -> None:
    done = run("""
SHARED["new"] = "value"
del SHARED["thing"]
Thing.attribute = 1
SHARED["text"] += " and more"
assert SHARED["text"].endswith(" and more") and Thing().attribute == 1 and "thing" not in SHARED
gc.collect()
""")
    assert done.returncode == 0, done.stderr


def test_numpy_and_fmpy_still_work() -> None:
    done = run("""
import numpy as np
from simulations.fmi.cage.inside import warmup
warmup.load(None)
table = np.arange(6.0)
assert immortal.make_all()
table.resize(12, refcheck=False)
assert table.sum() == 15.0 and (np.arange(3) + table[:3]).tolist() == [0.0, 2.0, 4.0]
""")
    assert done.returncode == 0, done.stderr


def test_interpreter_that_counts_in_another_way_is_left_alone() -> None:
    """Nothing is written where a trial does not have the effect that we expect."""
    done = run(
        """
immortal._IMMORTAL = 5
thing = object()
before = sys.getrefcount(thing)
assert not immortal.make_all()
assert sys.getrefcount(thing) == before
""",
        beginning="import os, sys\nfrom simulations.fmi.cage.inside import immortal",
    )
    assert done.returncode == 0, done.stderr
