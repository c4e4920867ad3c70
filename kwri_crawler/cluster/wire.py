"""What head and workers send each other: packed values, functions of the archive by name, and which code each runs.

Values are pickled, as Dask does with its own: who holds a certificate of the cluster may run code in it anyway. What
may be called by name are the archive's own functions, so that no slip of ours calls anything else.
"""

from __future__ import annotations

import hashlib
import inspect
import pickle
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

import kwri_crawler
from kwri_crawler.archive import ArchiveError, PortalBusy
from kwri_crawler.version import __version__

_ROOM = "kwri_crawler.archive."
_NAME = re.compile(r"[a-z_]+(?:\.[a-z_]+)*\.[a-z][a-z_]*")


class NotOfTheArchive(ValueError):
    """A name that is no public function of the archive."""


def pack(value: object) -> bytes:
    """Return a value as bytes."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def unpack(data: bytes) -> Any:
    """Return the value that another machine packed."""
    return pickle.loads(data)  # noqa: S301 - from a holder of the cluster's certificate, see above


class LeaseOver(ArchiveError):
    """The portal of a far crawl may be another's."""


def name_of(job: Callable[..., Any]) -> str:
    """Return the name of a function of the archive, as "ledger.settle"; raises NotOfTheArchive for any other."""
    name = f"{job.__module__}.{job.__qualname__}".removeprefix(_ROOM)
    if job_of(name) is not job:
        raise NotOfTheArchive(f"{job!r}: only functions of {_ROOM}* are run by name")
    return name


@cache
def job_of(name: str) -> Callable[..., Any]:
    """Return the function of the archive of a name, one that takes the archive first; raises NotOfTheArchive."""
    if _NAME.fullmatch(name):
        module, _, function = f"{_ROOM}{name}".rpartition(".")
        try:
            job = getattr(import_module(module), function, None)
        except ImportError:
            job = None
        if isinstance(job, FunctionType) and job.__module__ == module and next(iter(_parameters(job)), None) == "db":
            return job
    raise NotOfTheArchive(f"{name}: no function of the archive")


def _parameters(job: FunctionType) -> list[str]:
    return list(inspect.signature(job).parameters)


@cache
def code_version() -> str:
    """Return the version of this code: the release, and a digest of its modules, which two checkouts may differ in."""
    package = Path(kwri_crawler.__file__).parent
    digest = hashlib.sha256()
    for root in (package, package.parent / "pipelines"):
        for path in sorted(root.rglob("*.py")):
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(path.read_bytes())
    return f"{__version__} ({digest.hexdigest()[:8]})"


def answer(value: object) -> bytes:
    """Pack what a call returned."""
    return pack((True, value))


def failure(error: Exception) -> bytes:
    """Pack why a call failed: a crawl knows what to do about the archive and a busy portal, and notes anything else."""
    kind = next((kind for kind in _KINDS if isinstance(error, kind)), None)
    said = (kind.__name__, str(error)) if kind is not None else (RuntimeError.__name__, repr(error))
    return pack((False, (*said, getattr(error, "cause", None))))


def result_of(data: bytes) -> Any:
    """Return what a call returned, or raise why it failed: one of _KINDS, RuntimeError for whatever else it was."""
    is_done, value = unpack(data)
    if is_done:
        return value
    kind, text, cause = value
    if kind == ArchiveError.__name__:
        raise ArchiveError(text, cause)
    raise next(one for one in _KINDS if one.__name__ == kind)(text)


_KINDS: tuple[type[Exception], ...] = (LeaseOver, ArchiveError, PortalBusy, RuntimeError)  # the first that fits
