"""Read the desk's own letterhead and words from a folder with desk.toml and a logo; everything in it stays text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kwri_crawler.clipping.pictures import Picture, read_picture
from kwri_crawler.nearest import did_you_mean

FILE = "desk.toml"
MOST_BYTES = 100_000
MOST_LOGO_BYTES = 2_000_000
_LINE = 200  # characters
_TEXT = 5_000
_LINES = 10
# Neither XML nor a reader takes them; those that turn the direction of writing would turn what stands beside them.
NOT_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(("title", "introduction", "conclusion", "suggestions", "letterhead", "signature")),
    "letterhead": frozenset(("lines", "address", "logo")),
    "signature": frozenset(("place", "lines", "name", "below")),
}


class TemplateError(ValueError):
    """A template that cannot be used; the message names the file, the key and what would do."""


@dataclass(frozen=True)
class Template:
    """What a desk puts around its clippings; the default is nothing."""

    title: str = ""
    introduction: str = ""
    conclusion: str | None = None  # empty: a box to write in; None: none at all
    suggestions: str | None = None
    head: tuple[str, ...] = ()  # lines of the letterhead
    address: str = ""
    logo: Picture | None = None
    place: str = ""  # before the signature's day
    signer: tuple[str, ...] = ()  # lines above the signature: a.n. KEPALA ..., KABID HUMAS
    name: str = ""
    below: tuple[str, ...] = ()  # lines below the name: rank, number


def read_template(folder: Path) -> Template:
    """Read a folder's desk.toml and logo; raises TemplateError."""
    path = folder / FILE
    table = _read(path)
    head, signature = (_table(path, table, name) for name in ("letterhead", "signature"))
    _check_keys(path, table, "")
    return Template(
        title=_text(path, table, "title", _LINE),
        introduction=_text(path, table, "introduction", _TEXT),
        conclusion=_text(path, table, "conclusion", _TEXT) if "conclusion" in table else None,
        suggestions=_text(path, table, "suggestions", _TEXT) if "suggestions" in table else None,
        head=_lines(path, head, "letterhead", "lines"),
        address=_text(path, head, "address", _LINE, "letterhead"),
        logo=_logo(path, _text(path, head, "logo", _LINE, "letterhead")),
        place=_text(path, signature, "place", _LINE, "signature"),
        signer=_lines(path, signature, "signature", "lines"),
        name=_text(path, signature, "name", _LINE, "signature"),
        below=_lines(path, signature, "signature", "below"),
    )


def _read(path: Path) -> dict[str, Any]:
    if path.exists() and not path.is_file():
        raise TemplateError(f"{path}: no file")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise TemplateError(f"{path}: larger than {MOST_BYTES:,} bytes")
        return tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        raise TemplateError(f"{path}: there is no such file; docs/clipping.md has one to begin with") from None
    except OSError as error:
        raise TemplateError(f"{path}: {error.strerror}") from error
    except RecursionError:
        raise TemplateError(f"{path}: nested too deep") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: not TOML: {error}") from error


def _table(path: Path, table: dict[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise TemplateError(f"{path}: {name} is a table: write [{name}]")
    _check_keys(path, found, name)
    return found


def _check_keys(path: Path, table: dict[str, Any], of: str) -> None:
    for key in table:
        if key not in _KEYS[of]:
            names = sorted(_KEYS[of])
            hint = did_you_mean(key, names, f"there are {', '.join(names)}")
            raise TemplateError(f"{path}: {_named(of, key)}: no such key; {hint}")


def _text(path: Path, table: dict[str, Any], key: str, most: int, of: str = "") -> str:
    return _checked(path, table.get(key, ""), _named(of, key), most)


def _lines(path: Path, table: dict[str, Any], of: str, key: str) -> tuple[str, ...]:
    found = table.get(key, [])
    if not isinstance(found, list) or len(found) > _LINES:
        raise TemplateError(f'{path}: {_named(of, key)}: write up to {_LINES} lines, as ["one", "two"]')
    return tuple(_checked(path, line, _named(of, key), _LINE) for line in found)


def _checked(path: Path, value: object, named: str, most: int) -> str:
    if not isinstance(value, str):
        raise TemplateError(f"{path}: {named}: write a text in quotes")
    if len(value) > most:
        raise TemplateError(f"{path}: {named}: longer than {most:,} characters")
    return NOT_SHOWN.sub("", value.replace("\r\n", "\n")).strip()


def _named(of: str, key: str) -> str:
    return f"[{of}] {key}" if of else key


def _logo(path: Path, name: str) -> Picture | None:
    """Return the logo's bytes; it stands in the template's folder and nowhere else."""
    if not name:
        return None
    folder, place = path.parent.resolve(), (path.parent / name).resolve()
    if not place.is_relative_to(folder):
        raise TemplateError(f"{path}: [letterhead] logo: {name} is not in the template's folder")
    try:
        if not place.is_file():
            raise TemplateError(f"{path}: [letterhead] logo: {name}: there is no such file")
        with place.open("rb") as file:
            data = file.read(MOST_LOGO_BYTES + 1)
    except OSError as error:
        raise TemplateError(f"{path}: [letterhead] logo: {name}: {error.strerror}") from error
    if len(data) > MOST_LOGO_BYTES:
        raise TemplateError(f"{path}: [letterhead] logo: {name} is larger than {MOST_LOGO_BYTES:,} bytes")
    picture = read_picture(data)
    if picture is None:
        raise TemplateError(f"{path}: [letterhead] logo: {name} is no PNG or JPEG of a usual size")
    return picture
