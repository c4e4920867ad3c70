"""Recognise PNG and JPEG pictures by their first bytes, and read their size; refuse every other kind."""

from __future__ import annotations

import struct
from typing import NamedTuple

MOST_PIXELS = 4_000 * 4_000  # 64 MB once it is unpacked
_PNG = b"\x89PNG\r\n\x1a\n"


class Picture(NamedTuple):
    """A picture that stands in a clipping."""

    data: bytes
    kind: str  # image/png or image/jpeg
    width: int  # pixels
    height: int


def read_picture(data: bytes) -> Picture | None:
    """Return a PNG or JPEG with its size; None for anything else, or one of too many pixels."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) >= 24:
        kind, size = "image/png", struct.unpack(">II", data[16:24])
    elif data.startswith(b"\xff\xd8") and (found := _jpeg_size(data)) is not None:
        kind, size = "image/jpeg", found
    else:
        return None
    width, height = size
    return Picture(data, kind, width, height) if 0 < width * height <= MOST_PIXELS else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height out of a JPEG's frame."""
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        if length < 2:
            return None
        place += 2 + length
    return None
