"""Why a portal got its word, in Indonesian: health says it in English sentences, which the archive keeps.

What a portal or a server answered stands in them as it was; whatever is not known here stays as it is.
"""

from __future__ import annotations

import re

_WHAT = {
    "an author": "penulis",
    "a section": "rubrik",
    "an image": "gambar",
    "a date to the minute": "tanggal sampai menit",
    "earlier": "lebih awal",
    "later": "lebih lambat",
}
# Of each sentence in kwri_crawler/health what is fixed; the figures are carried over by their place.
_SENTENCES = tuple(
    (re.compile(english), indonesian)
    for english, indonesian in (
        (r"it was never crawled", "belum pernah dirayapi"),
        (r"crawled for less than two weeks", "dirayapi kurang dari dua minggu"),
        (r"no crawl read it whole since ([-\d]+ [:\d]+) UTC", "tidak ada perayapan yang membacanya utuh sejak {0} UTC"),
        (r"(\d+) articles came by its other listings", "{0} artikel datang lewat daftarnya yang lain"),
        (r"(\d+) of (\d+) pages brought no article in (\d+) days",
         "{0} dari {1} halaman dalam {2} hari tidak membawa artikel"),
        (r"(\d+) of (\d+) articles in (\d+) days have (an? [a-z ]+); usual is (\d+%)",
         "{0} dari {1} artikel dalam {2} hari memuat {3}; biasanya {4}"),
        (r"the middle article in (\d+) days has (\d+) words; usual is (\d+)",
         "artikel tengah dalam {0} hari memuat {1} kata; biasanya {2}"),
        (r"its clock jumped: (\d+) of (\d+) articles in (\d+) days are dated in the future",
         "jamnya melompat: {0} dari {1} artikel dalam {2} hari bertanggal di masa depan"),
        (r"its clock jumped: articles of (\d+) days are dated ([\d.]+) hours (earlier|later) than they come",
         "jamnya melompat: artikel {0} hari bertanggal {1} jam {2} dari datangnya"),
        (r"(\d+) articles in (\d+) days of news; usual is (\d+)",
         "{0} artikel dalam {1} hari berita; biasanya {2}"),
    )
)  # fmt: skip


def in_indonesian(why: str) -> str:
    """Return what health says of a portal, its fixed words in Indonesian."""
    for sentence, indonesian in _SENTENCES:
        why = sentence.sub(lambda found, to=indonesian: to.format(*(_WHAT.get(x, x) for x in found.groups())), why)  # type: ignore[misc]
    return why
