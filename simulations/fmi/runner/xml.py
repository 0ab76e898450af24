"""modelDescription.xml and its companions as element trees: no entities, no network, no DOCTYPE."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from simulations.fmi.errors import IntakeRefused


def load(path: Path, *, max_bytes: int) -> tuple[etree._Element, bool]:
    """The root element, and whether the text had to be read in another encoding than it claims.

    Raises IntakeRefused when the file is missing, too large, not well-formed, or carries a DOCTYPE.
    """
    if not path.is_file():
        raise IntakeRefused("no_model_description", f"There is no {path.name} in the archive, so this is not an FMU.")
    if path.stat().st_size > max_bytes:
        raise IntakeRefused("model_description_too_large", f"{path.name} is larger than {max_bytes >> 20} MB.")
    data = path.read_bytes()
    try:
        return _parse(data), False
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in data:
            raise _doctype() from None
        root = _parse_latin(data)
        if root is None:
            message = f"{path.name} is not well-formed XML: {error.msg}."
            raise IntakeRefused("bad_model_description", message) from None
        return root, True


def load_optional(path: Path, *, max_bytes: int) -> etree._Element | None:
    """The root element of a companion file, None where it is missing or unreadable."""
    if not path.is_file():
        return None
    try:
        return load(path, max_bytes=max_bytes)[0]
    except IntakeRefused:
        return None


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise _doctype()
    return root


def _doctype() -> IntakeRefused:
    return IntakeRefused("doctype", "The XML carries a DOCTYPE, which no FMU needs; export the FMU again without it.")


def _parse_latin(data: bytes) -> etree._Element | None:
    """Text written in Windows' encoding under a UTF-8 heading, the commonest fault of all."""
    try:
        data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    else:
        return None
    try:
        return _parse(text[text.find("?>") + 2 if text.startswith("<?xml") else 0 :].encode())
    except etree.XMLSyntaxError:
        return None
