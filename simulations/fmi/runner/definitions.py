"""Units and declared types of a model description, whatever its FMI version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from simulations.fmi.runner.attributes import number, plain, text, whole

# Display unit = factor * value + offset, as FMI 2 and 3 define it.
DisplayUnits = dict[str, dict[str, tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class DeclaredType:
    """What a variable inherits from its declaredType."""

    attributes: Mapping[str, str]
    enumeration: Mapping[str, int] | None = field(default=None)


def units(root: etree._Element) -> DisplayUnits:
    """Every unit with its display units."""
    found: DisplayUnits = {}
    for unit in root.iterfind("UnitDefinitions/*"):
        name = text(unit.attrib, "name") or text(unit.attrib, "unit")
        if name:
            found[name] = dict(filter(None, map(_display_unit, unit)))
    return found


def _display_unit(element: etree._Element) -> tuple[str, tuple[float, float]] | None:
    attributes = element.attrib
    name = text(attributes, "name") or text(attributes, "displayUnit")
    if name is None or element.tag not in {"DisplayUnit", "DisplayUnitDefinition"}:
        return None
    factor = number(attributes, "factor") or number(attributes, "gain") or 1.0
    return name, (factor, number(attributes, "offset") or 0.0)


def types(root: etree._Element) -> dict[str, DeclaredType]:
    """Every declared type by name. FMI 1 and 2 wrap the kind in an element, FMI 3 does not."""
    found = {}
    for declared in root.iterfind("TypeDefinitions/*"):
        name = text(declared.attrib, "name")
        wrapped = declared.tag in {"Type", "SimpleType"}
        kind = declared[0] if wrapped and len(declared) else declared
        if name:
            found[name] = DeclaredType(plain(kind), _items(kind))
    return found


def _items(kind: etree._Element) -> dict[str, int] | None:
    """FMI 1 numbers the items from 1; FMI 2 and 3 say the number."""
    items = [item for item in kind.iterfind("Item") if item.get("name")]
    named = {item.get("name", ""): whole(item.attrib, "value") for item in items}
    return {name: index if value is None else value for index, (name, value) in enumerate(named.items(), 1)} or None
