"""Write articles as a Hive-partitioned Parquet data set, one folder per month and portal; later exports extend it.

Each file is written whole or not at all, and says in its own footer what it was made of: nothing else has to agree with
it, and an export that was killed is done again where it stopped.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from kwri_crawler.archive import Busy
from kwri_crawler.archive.extracts import Extract
from kwri_crawler.archive.month_versions import PortalMonth
from kwri_crawler.exports.parquet import load_pyarrow, note_of, write_parquet
from kwri_crawler.whole_file import whole_file

PARTITIONS = ("month", "portal")
_FILE = "articles.parquet"
_NULL = "__HIVE_DEFAULT_PARTITION__"  # Hive's word for null, which all readers know
_LAYOUT = 1  # raised when a file's types change: all are then written anew


class Extended(NamedTuple):
    """What an export did to a data set."""

    written: int  # files
    articles: int  # in them
    unchanged: int  # files
    removed: int  # files of which no article is left


class NotThisDataSet(ValueError):
    """A folder holds something else, that an export would mix with its own or remove."""


@contextmanager
def lock_dataset(folder: Path) -> Iterator[None]:
    """Make the folder, and hold it against other exports: one could remove what another has just written.

    Raises Busy, and OSError where it cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise Busy(f"{folder}: another export is writing this data set; wait for its end") from error
    except OSError:  # a file system that knows no locks
        pass
    try:
        yield
    finally:
        os.close(handle)


def check_dataset(folder: Path, keys: Sequence[str], portals: Iterable[str]) -> None:
    """Raise NotThisDataSet for Parquet files in a folder of anything but a data set by these keys, of these portals."""
    load_pyarrow()
    pattern = "/".join((*(f"{key}=*" for key in keys), _FILE))
    own = set(folder.glob(pattern))
    for path in folder.rglob("*.parquet"):
        if path not in own:
            raise NotThisDataSet(f"{path.relative_to(folder)} is none of its files, which are {pattern}")
    known = {f"portal={portal}" for portal in portals}
    for path in sorted(own):
        for name in path.relative_to(folder).parts:
            if name.startswith("portal=") and name not in known:
                raise NotThisDataSet(f"{name} is no portal of this archive, so its files are another one's")


def extend_dataset(
    months: Iterable[PortalMonth],
    articles_of: Callable[[PortalMonth], Iterable[Extract]],
    folder: Path,
    keys: Sequence[str],
    columns: Sequence[str],
) -> Extended:
    """Write the files of which anything changed, then remove those of which nothing is left.

    The keys name the folders, and are no columns of the files. The months have to be asked for before their articles:
    what changes while they are written is then written again by the next export.
    """
    names = [name for name in columns if name not in keys]
    parts: dict[Path, list[PortalMonth]] = {}
    for one in months:
        place = folder.joinpath(*(f"{key}={getattr(one, key) or _NULL}" for key in keys), _FILE)
        parts.setdefault(place, []).append(one)
    written = number = unchanged = 0
    left = set(folder.glob("/".join((*(f"{key}=*" for key in keys), _FILE))))
    for place, group in parts.items():
        note = _note(group, names)
        if place in left and note_of(place) == note:
            left.discard(place)
            unchanged += 1
            continue
        articles = chain.from_iterable(map(articles_of, group))
        first = next(articles, None)
        if first is None:
            continue
        with whole_file(str(place)) as out:
            number += write_parquet(chain([first], articles), out, names, note)
        left.discard(place)
        written += 1
    for place in left:
        _remove(place, folder)
    return Extended(written, number, unchanged, len(left))


def _note(group: Sequence[PortalMonth], names: Sequence[str]) -> str:
    """Return what says of a file which months it holds, as they were then."""
    told = json.dumps([_LAYOUT, list(names), sorted((one.portal, one.month or "", one.version) for one in group)])
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _remove(place: Path, folder: Path) -> None:
    """Remove a file, and the folders that hold nothing but it."""
    place.unlink(missing_ok=True)
    for above in place.relative_to(folder).parents[:-1]:
        with suppress(OSError):
            (folder / above).rmdir()
