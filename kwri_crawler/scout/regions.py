"""Indonesia's provinces: how portals name them in hosts and titles, and their time zones; knows no cities."""

from __future__ import annotations

import re
from dataclasses import dataclass

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"  # UTC+7, +8, +9; no daylight saving time
ZONES = {7: WIB, 8: WITA, 9: WIT}  # hours east of UTC
ZONE_WORDS = {"WIB": WIB, "WITA": WITA, "WIT": WIT}  # as printed beside a clock


@dataclass(frozen=True, slots=True)
class Region:
    """A province."""

    name: str  # as the catalogue writes it: "Jawa Timur"
    zone: str  # IANA
    short: tuple[str, ...]  # how hosts and names shorten it: "jatim"


def _of(zone: str, *rows: str) -> tuple[Region, ...]:
    split = (row.split("|") for row in rows)
    return tuple(Region(name, zone, tuple(short.split())) for name, short in split)


# The zones are those of Keppres 41/1987; the 38 provinces those of 2022.
REGIONS = (
    *_of(
        WIB,
        "Aceh|aceh", "Sumatera Utara|sumut", "Sumatera Barat|sumbar", "Riau|riau", "Kepulauan Riau|kepri",
        "Jambi|jambi", "Sumatera Selatan|sumsel", "Bangka Belitung|babel", "Bengkulu|bengkulu", "Lampung|lampung",
        "DKI Jakarta|jakarta dki", "Jawa Barat|jabar", "Banten|banten", "Jawa Tengah|jateng",
        "DI Yogyakarta|yogyakarta jogja diy", "Jawa Timur|jatim", "Kalimantan Barat|kalbar",
        "Kalimantan Tengah|kalteng",
    ),
    *_of(
        WITA,
        "Kalimantan Selatan|kalsel", "Kalimantan Timur|kaltim", "Kalimantan Utara|kaltara", "Bali|bali",
        "Nusa Tenggara Barat|ntb", "Nusa Tenggara Timur|ntt", "Sulawesi Utara|sulut", "Gorontalo|gorontalo",
        "Sulawesi Tengah|sulteng", "Sulawesi Barat|sulbar", "Sulawesi Selatan|sulsel", "Sulawesi Tenggara|sultra",
    ),
    *_of(
        WIT,
        "Maluku|maluku", "Maluku Utara|malut", "Papua|papua", "Papua Barat|pabar", "Papua Barat Daya|pbd",
        "Papua Tengah|pateng", "Papua Pegunungan|papeg", "Papua Selatan|pasel",
    ),
)  # fmt: skip
_BY_LENGTH = sorted(REGIONS, key=lambda region: -len(region.name))  # "Maluku Utara" before "Maluku"


def find_region(host: str, name: str) -> tuple[Region, str] | None:
    """Return the province that a portal's host or name tells, and the word that told it; null if neither does."""
    labels = host.lower().split(".")
    for region in REGIONS:
        for short in region.short:
            if short in labels[:-1]:
                return region, short
    for region in _BY_LENGTH:
        if region.name.lower() in name.lower():
            return region, region.name
    for region in REGIONS:
        for short in region.short:
            if re.search(rf"\b{short}\b", name, re.IGNORECASE):
                return region, short
    # Inside of a label only what no other word holds: "antarasumut" yes, "balik" is not Bali.
    for region in REGIONS:
        for short in region.short:
            if len(short) >= 5 and any(label.startswith(short) or label.endswith(short) for label in labels[:-1]):
                return region, short
    return None
