"""Queries of the busiest paths, built and compiled by the ORM once: that takes longer than PostgreSQL takes to answer.

    _LOTS = Prepared(lambda: CreditLot.objects.filter(user_id=Given("user"), remaining__gte=Given("least")))
    _LOTS.all(user=7, least=1)

Everything that differs from one execution to the next must be Given; all else, settings too, is kept as it was when
the query was compiled. Why, and what of Django this leans on: docs/decisions/hot-queries-are-compiled-once.md.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection, transaction
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler


class Given(Expression):
    """A value that is known when the query runs. output_field: adapts it to the database (DateTimeField on SQLite)."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name
        self._adapter = output_field

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Self]]:  # type: ignore[override]
        return "%s", [self]

    def adapted(self, value: Any) -> Any:
        return self._adapter.get_db_prep_save(value, connection) if self._adapter else value


class Prepared[Row]:
    """A queryset whose rows are asked for again and again: models or tuples, whatever it iterates over."""

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self._build = build
        self._compiled: _Compiled | None = None

    def all(self, **given: Any) -> list[Row]:
        """Execute it. Raises KeyError when a Given is missing."""
        compiled = self._compiled or self._compile()
        ready = _Ready(compiled, compiled.text.parameters_of(given))
        return list(compiled.queryset._iterable_class(ready))

    def first(self, **given: Any) -> Row | None:
        """The first row; the queryset itself says how many are fetched."""
        return next(iter(self.all(**given)), None)

    def _compile(self) -> _Compiled:
        """Two threads may both do it; either's is as good."""
        queryset = self._build()
        compiler = queryset.query.get_compiler(using=queryset.db)
        text = _Text.of(*compiler.as_sql())
        self._compiled = _Compiled(queryset, compiler, text)
        return self._compiled


class PreparedUpdate:
    """An UPDATE of a queryset's rows: `fields` are set to what is given by their names, `values` to expressions."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], *fields: str, **values: Any) -> None:
        self._build, self._fields, self._values = build, fields, values
        self._text: _Text | None = None

    def run(self, **given: Any) -> int:
        """Execute it. How many rows were there to change. Raises KeyError when a Given is missing."""
        text = self._text or self._compile()
        with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(text.sql, text.parameters_of(given))
            return int(cursor.rowcount)

    def _compile(self) -> _Text:
        queryset = self._build()
        query: Any = queryset.query.chain(UpdateQuery)
        meta = queryset.model._meta
        query.add_update_values({name: Given(name, meta.get_field(name)) for name in self._fields} | self._values)
        query.clear_select_clause()
        query.clear_ordering(force=True)
        self._text = _Text.of(*query.get_compiler(using=queryset.db).as_sql())
        return self._text


@dataclass(frozen=True)
class _Text:
    sql: str
    parameters: Sequence[Any]

    @classmethod
    def of(cls, sql: str, parameters: Iterable[Any]) -> Self:
        return cls(sql, tuple(parameters))

    def parameters_of(self, given: dict[str, Any]) -> list[Any]:
        return [
            parameter.adapted(given[parameter.name]) if isinstance(parameter, Given) else parameter
            for parameter in self.parameters
        ]


@dataclass(frozen=True)
class _Compiled:
    queryset: Any
    compiler: SQLCompiler
    text: _Text


class _Ready:
    """What Django's iterables of rows want to know of a queryset and of its query, with the SQL there already."""

    def __init__(self, compiled: _Compiled, parameters: list[Any]) -> None:
        queryset = compiled.queryset
        self.model, self.db, self.query = queryset.model, queryset.db, self
        self._fetch_mode, self._known_related_objects = queryset._fetch_mode, queryset._known_related_objects
        self._compiled, self._parameters = compiled, parameters

    def get_compiler(self, using: str) -> Any:
        """A copy with this thread's connection: the compiled one is everybody's."""
        compiler: Any = copy.copy(self._compiled.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (self._compiled.text.sql, self._parameters)
        return compiler
