"""Why a portal got its word, in Indonesian: the archive holds sentences of kwri_crawler.health.Says, in English."""

from __future__ import annotations

import re

from kwri_crawler.health import Says

INDONESIAN = {
    Says.NEVER: "belum pernah dirayapi",
    Says.YOUNG: "dirayapi kurang dari dua pekan",
    Says.UNREAD: "tidak ada perayapan yang membacanya utuh sejak {since} UTC",
    Says.PARTLY: "{stored} artikel datang lewat daftarnya yang lain",
    Says.LOST: "{lost} dari {total} halaman tidak membawa artikel dalam {days} hari",
    Says.FUTURE: "jamnya melompat: {ahead} dari {total} artikel dalam {days} hari bertanggal masa depan",
    Says.EARLIER: "jamnya melompat: artikel dari {days} hari bertanggal {hours} jam lebih awal dari kedatangannya",
    Says.LATER: "jamnya melompat: artikel dari {days} hari bertanggal {hours} jam lebih lambat dari kedatangannya",
    Says.FEWER: "{came} artikel dalam {days} hari berita; biasanya {usual}",
    Says.AUTHORS: "{have} dari {total} artikel dalam {days} hari menyebut penulis; biasanya {usual}",
    Says.SECTIONS: "{have} dari {total} artikel dalam {days} hari menyebut rubrik; biasanya {usual}",
    Says.IMAGES: "{have} dari {total} artikel dalam {days} hari bergambar; biasanya {usual}",
    Says.MINUTES: "{have} dari {total} artikel dalam {days} hari menyebut jam terbit; biasanya {usual}",
    Says.SHORTER: "artikel tengah dalam {days} hari berisi {words} kata; biasanya {usual}",
}
_FIGURE = r"\d[\d.%-]*(?: \d\d:\d\d)?"  # 12, 3.5, 80%, 2024-06-20 03:00


def _pattern(says: Says) -> str:
    return re.sub(r"\\\{(\w+)\\\}", lambda name: f"(?P<{name[1]}>{_FIGURE})", re.escape(says))


_EACH = {says: re.compile(_pattern(says)) for says in Says}
_ANY = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", each.pattern) for each in _EACH.values()))


def in_indonesian(why: str) -> list[tuple[str, str]]:
    """Return the reasons in pieces, each with its language.

    What a crawl or the ledger told stays as it is: English, or what a portal answered.
    """
    pieces, at = [], 0
    for found in _ANY.finditer(why):
        pieces += [("en", why[at : found.start()]), ("id", _sentence(found[0]))]
        at = found.end()
    return [piece for piece in [*pieces, ("en", why[at:])] if piece[1]]


def _sentence(english: str) -> str:
    for says, pattern in _EACH.items():
        if found := pattern.fullmatch(english):
            figures = found.groupdict()
            if "hours" in figures:
                figures["hours"] = figures["hours"].replace(".", ",")
            return INDONESIAN[says].format(**figures)
    raise AssertionError(english)
