"""What all jobs share stays shared: the zygote's objects are not counted any more.

Each use of an object writes its reference count, and the first write to a page after a fork copies that page: nearly
half of the page faults of a job. Immortal objects (PEP 683, Python 3.12) are not counted. The interpreter offers no
function for that, so the count is written where it stands, and only when a trial shows that it has the effect; where
it has not, jobs are slower and nothing else.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Any

_IMMORTAL = 0xFFFFFFFF  # in the lower half of the count: the sign bit is what the interpreter looks at


def make_all() -> bool:
    """Make every object immortal that the collector knows, or that one of those refers to. Whether it could be done.

    For a process that only forks: it must end by os._exit.
    """
    if not _understood():
        return False
    objects = gc.get_objects()
    for item in objects:
        _count_at(id(item)).value = _IMMORTAL
    while objects:
        objects = list(_newly_immortal([*gc.get_referents(*objects), *_of_code(objects)]))
    return True


def _understood() -> bool:
    """Try it on an object that nobody else has, and put its count right again."""
    if sys.implementation.name != "cpython" or sys.byteorder != "little" or sys.maxsize <= 1 << 32:
        return False
    tried = object()
    count = _count_at(id(tried))
    if count.value > 16:  # not the count of an object that two or three know
        return False
    before, count.value = count.value, _IMMORTAL
    immortal = sys.getrefcount(tried)
    more = [tried] * 8
    counted = sys.getrefcount(tried) != immortal
    del more
    count.value = before
    return not counted


def _count_at(address: int) -> ctypes.c_uint32:
    """CPython's objects begin with their count; `id` is where they begin."""
    return ctypes.c_uint32.from_address(address)


def _newly_immortal(objects: Iterable[Any]) -> Iterator[Any]:
    """Each is marked while it is surely alive, and passed on once."""
    for item in objects:
        count = _count_at(id(item))
        if count.value != _IMMORTAL:
            count.value = _IMMORTAL
            yield item


def _of_code(objects: Iterable[Any]) -> Iterator[Any]:
    """What code refers to; the collector does not look into it."""
    for code in objects:
        if isinstance(code, CodeType):
            for names in (code.co_consts, code.co_names, code.co_varnames):
                yield names
                yield from names
            yield from (code.co_filename, code.co_name, code.co_qualname, code.co_linetable, code.co_exceptiontable)
