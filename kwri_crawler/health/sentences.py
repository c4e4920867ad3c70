"""Put what health finds into words, with what an operator should try; the archive keeps codes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum

from kwri_crawler.causes import Cause
from kwri_crawler.clock import local_text, moment_of
from kwri_crawler.languages import Both, pick

Figure = str | int | float  # a moment is ISO 8601, UTC; a share is 0 to 1
Piece = tuple[str, bool]  # text, and whether it is what a crawl or the ledger noted, in its own words


class Says(StrEnum):
    """What was found of a portal. The archive keeps these values, so none is ever renamed."""

    NEVER = "never crawled"
    YOUNG = "young"
    NEVER_READ = "never read"
    UNREAD = "unread"
    READ_IN_PART = "read in part"
    LOST = "lost"
    FUTURE = "future"
    EARLIER = "earlier"
    LATER = "later"
    FEWER = "fewer"
    AUTHORS = "authors"
    SECTIONS = "sections"
    IMAGES = "images"
    MINUTES = "minutes"
    SHORTER = "shorter"


# What a portal is, by its health
WORDS = {
    "well": ("baik", "well"),
    "quiet": ("sepi", "quiet"),
    "thin": ("tipis", "thin"),
    "blocked": ("diblokir", "blocked"),
    "broken": ("rusak", "broken"),
    "new": ("baru", "new"),
}
# One name under all is an account of the CMS, or the portal, more often than a paper of one writer.
SAME_AUTHOR = (
    'semua artikelnya yang dilihat bertanda "{name}"; lihat satu, lalu tambahkan: '
    '[selectors] author = "CSS penulisnya"',
    'each of its articles looked at is signed "{name}"; look at one, and add: [selectors] author = "CSS of the byline"',
)
# key: (Indonesian, English)
SENTENCES: Mapping[Says, Both] = {
    Says.NEVER: ("belum pernah dirayapi", "it was never crawled"),
    Says.YOUNG: ("dirayapi kurang dari dua pekan", "crawled for less than two weeks"),
    Says.NEVER_READ: (
        "belum ada satu pun artikelnya yang didapat sejak {since}: {cause} ({told})",
        "no article of it ever came, since {since} ({told})",
    ),
    Says.UNREAD: (
        "tidak ada perayapan yang membacanya utuh sejak {since}: {cause} ({told})",
        "no crawl read it whole since {since} ({told})",
    ),
    Says.READ_IN_PART: (
        "tidak ada perayapan yang membacanya utuh sejak {since}: {cause} ({told});"
        " {stored} artikel datang lewat daftarnya yang lain",
        "no crawl read it whole since {since} ({told}); {stored} articles came by its other listings",
    ),
    Says.LOST: (
        "{lost} dari {total} halaman tidak membawa artikel dalam {days} hari: {told}",
        "{lost} of {total} pages brought no article in {days} days: {told}",
    ),
    Says.FUTURE: (
        "jamnya melompat: {ahead} dari {total} artikel dalam {days} hari bertanggal masa depan",
        "its clock jumped: {ahead} of {total} articles in {days} days are dated in the future",
    ),
    Says.EARLIER: (
        "jamnya melompat: artikel dari {days} hari bertanggal {hours} jam lebih awal dari kedatangannya",
        "its clock jumped: articles of {days} days are dated {hours:.1f} hours earlier than they come",
    ),
    Says.LATER: (
        "jamnya melompat: artikel dari {days} hari bertanggal {hours} jam lebih lambat dari kedatangannya",
        "its clock jumped: articles of {days} days are dated {hours:.1f} hours later than they come",
    ),
    Says.FEWER: (
        "{came} artikel dalam {days} hari berita; biasanya {usual:.0f}",
        "{came} articles in {days} days of news; usual is {usual:.0f}",
    ),
    Says.AUTHORS: (
        "{have} dari {total} artikel dalam {days} hari menyebut penulis; biasanya {usual:.0%}",
        "{have} of {total} articles in {days} days have an author; usual is {usual:.0%}",
    ),
    Says.SECTIONS: (
        "{have} dari {total} artikel dalam {days} hari menyebut rubrik; biasanya {usual:.0%}",
        "{have} of {total} articles in {days} days have a section; usual is {usual:.0%}",
    ),
    Says.IMAGES: (
        "{have} dari {total} artikel dalam {days} hari bergambar; biasanya {usual:.0%}",
        "{have} of {total} articles in {days} days have an image; usual is {usual:.0%}",
    ),
    Says.MINUTES: (
        "{have} dari {total} artikel dalam {days} hari menyebut jam terbit; biasanya {usual:.0%}",
        "{have} of {total} articles in {days} days have a date to the minute; usual is {usual:.0%}",
    ),
    Says.SHORTER: (
        "artikel tengah dalam {days} hari berisi {words:.0f} kata; biasanya {usual:.0f}",
        "the middle article in {days} days has {words:.0f} words; usual is {usual:.0f}",
    ),
}

# Why an address brought no article, in a few words.
LABELS: Mapping[Cause, Both] = {
    Cause.BLOCK: ("ia menolak kami", "it refuses us"),
    Cause.ROBOTS: ("robots.txt-nya melarang", "its robots.txt forbids it"),
    Cause.PROTECTED: ("ia meminta masuk akun atau kata sandi", "it asks for a login or a password"),
    Cause.DNS: ("nama situsnya tidak dikenal", "its name leads nowhere"),
    Cause.CONNECTION_REFUSED: ("sambungan ditolak", "the connection was refused"),
    Cause.TIME_OUT: ("tidak ada jawaban pada waktunya", "no answer in time"),
    Cause.TLS: ("sambungan aman (TLS) gagal", "no TLS connection"),
    Cause.NO_CONNECTION: ("tidak ada sambungan", "no connection"),
    Cause.CUT_OFF: ("jawabannya terpotong", "the answer was cut off"),
    Cause.SERVER_ERROR: ("servernya mengalami galat", "it answers with an error of its own"),
    Cause.ROBOTS_UNREACHABLE: ("robots.txt-nya tidak dapat diambil", "its robots.txt answers with an error"),
    Cause.GONE: ("tidak ada lagi", "no longer there"),
    Cause.MOVED: ("dialihkan ke tempat lain", "redirected elsewhere"),
    Cause.UNREAD: (
        "halamannya datang, tetapi tidak ada artikel yang terbaca",
        "a page came, and no article could be read from it",
    ),
    Cause.NOT_TAKEN: ("berkas, atau lebih besar daripada yang kami terima", "a file, or larger than we take"),
    Cause.RULE: ("tidak diminta", "not asked for"),
    Cause.OUT_OF_REACH: ("tidak ada daftar yang sampai ke masa itu", "no listing leads so far back"),
    Cause.OURS: ("galat pada perayap kami sendiri", "an error of our own"),
}
_UNKNOWN = ("sebabnya tidak diketahui", "unknown")
# ... and within an Indonesian sentence, whose subject it has to name
_IN_A_SENTENCE: Mapping[Cause, str] = {
    Cause.GONE: "alamatnya tidak ada lagi",
    Cause.MOVED: "alamatnya dialihkan ke tempat lain",
    Cause.UNREAD: "isinya tidak terbaca",
    Cause.NOT_TAKEN: "yang datang bukan halaman",
    Cause.RULE: "alamatnya tidak boleh diminta",
    Cause.OUT_OF_REACH: "tidak ada daftar artikelnya yang sampai ke masa itu",
}

_WAIT = (
    "tunggu sehari; kalau tetap begitu, periksa apakah portalnya pindah ke alamat lain",
    "wait a day; if it stays so, see whether the portal has moved to another host",
)
_LISTING = (
    "cari alamat baru daftar itu di beranda portal, lalu tulis di berkasnya",
    "find the listing's new address on the portal's home page and write it into its file",
)
_SELECTORS = (
    "lihat satu alamat: kalau tampilannya berganti, tulis [selectors] atau family lain di berkasnya",
    "look at an address: if the portal was redesigned, override [selectors] or change family in its file",
)
_CLOCK = (
    "bandingkan tanggal satu halaman dengan jam Anda; atur zone portal itu, atau beri tahu portalnya",
    "compare a page's date with your clock; set the portal's zone, or tell the portal that its clock is wrong",
)
_PAGE = (
    "lihat satu halaman: kalau yang hilang masih tercetak, tulis [selectors] di berkas portal itu",
    "look at a page: if it still prints what is missing, override [selectors] in the portal's file",
)
_NOTHING = (
    "tidak perlu apa-apa: ia dinilai dari masa lalunya bila sudah ada",
    "nothing: it is judged by its past once it has one",
)
_CURES: Mapping[Cause, Both] = {
    Cause.BLOCK: (
        "buka satu alamat di peramban; minta portal mengizinkan user agent kami; naikkan DOWNLOAD_DELAY",
        "open an address in a browser; ask the portal to let our user agent in; raise DOWNLOAD_DELAY",
    ),
    Cause.ROBOTS: (
        "baca robots.txt-nya; patuhi, dan minta izin ke portal, atau tulis active = false di berkasnya",
        "read its robots.txt; respect it, and ask the portal, or set active = false in its file",
    ),
    Cause.PROTECTED: (
        "lihat satu alamat: apakah pembacanya harus masuk akun atau membayar?",
        "look at an address: does the portal ask its readers to log in, or to pay?",
    ),
    Cause.DNS: _WAIT,
    Cause.CONNECTION_REFUSED: _WAIT,
    Cause.TIME_OUT: _WAIT,
    Cause.TLS: (
        "buka satu alamat di peramban: apakah sertifikatnya berlaku? beri tahu portal; periksa apakah ia pindah",
        "open an address in a browser: is its certificate valid? tell the portal; see whether it has moved",
    ),
    Cause.NO_CONNECTION: _WAIT,
    Cause.CUT_OFF: _WAIT,
    Cause.SERVER_ERROR: _WAIT,
    Cause.ROBOTS_UNREACHABLE: (
        "tunggu sehari: selama robots.txt-nya gagal tidak ada yang boleh diminta; lalu beri tahu portal",
        "wait a day: nothing may be asked for while its robots.txt fails; then tell the portal",
    ),
    Cause.GONE: _LISTING,
    Cause.MOVED: _LISTING,
    Cause.UNREAD: _SELECTORS,
    Cause.NOT_TAKEN: _SELECTORS,
    Cause.RULE: _LISTING,
    Cause.OUT_OF_REACH: (
        "tulis daftar yang sampai ke artikel lama: halaman indeks, sitemap",
        "name a listing of it that leads to older articles: an index page, a sitemap",
    ),
    Cause.OURS: (
        "portalnya tidak salah: perbarui kwri-crawler; kalau tetap begitu, laporkan isi log-nya",
        "nothing is wrong with the portal: update kwri-crawler; if it stays so, report what its log says",
    ),
}
_CURES_OF: Mapping[Says, Both] = {
    Says.NEVER: _NOTHING,
    Says.YOUNG: _NOTHING,
    Says.FUTURE: _CLOCK,
    Says.EARLIER: _CLOCK,
    Says.LATER: _CLOCK,
    Says.FEWER: (
        "lihat portalnya: apakah ia berhenti, pindah, atau beritanya kini di bagian lain?",
        "look at the portal: did it stop, move, or is the newest news elsewhere on it?",
    ),
    Says.AUTHORS: _PAGE,
    Says.SECTIONS: _PAGE,
    Says.IMAGES: _PAGE,
    Says.MINUTES: _PAGE,
    Says.SHORTER: _PAGE,
}
_UNKNOWN_CURE = (
    "lihat satu alamat, dan log perayapan terakhirnya",
    "look at an address, and at the log of its last crawl",
)


def label(cause: Cause | None, lang: str = "en") -> str:
    """Return a cause in a few words."""
    return pick(lang, _UNKNOWN if cause is None else LABELS.get(cause, _UNKNOWN))


def cure_of(says: Says, cause: Cause | None, lang: str = "en") -> str:
    """Return what an operator would try."""
    of_cause = _UNKNOWN_CURE if cause is None else _CURES.get(cause, _UNKNOWN_CURE)
    return pick(lang, _CURES_OF.get(says, of_cause))


def sentence(
    says: Says, figures: Mapping[str, Figure], told: str | None, cause: Cause | None = None, lang: str = "en"
) -> list[Piece]:
    """Return a finding as a sentence with its figures, in pieces: what was told stays apart, in its own words."""
    values = {name: _spoken(name, figure, lang) for name, figure in figures.items()}
    values["cause"] = _IN_A_SENTENCE.get(cause, label(cause, lang)) if cause else pick(lang, _UNKNOWN)
    before, _, behind = pick(lang, SENTENCES[says]).partition("{told}")
    pieces = [(before.format(**values), False), (told or "", True), (behind.format(**values), False)]
    return [piece for piece in pieces if piece[0]]


def _spoken(name: str, figure: Figure, lang: str) -> Figure:
    """Return a moment as people read it, 2024-06-20 10:00 WIB, and Indonesian hours with their comma."""
    if name == "since" and isinstance(figure, str):
        with suppress(ValueError):
            return local_text(moment_of(figure))
    return f"{figure:.1f}".replace(".", ",") if name == "hours" and lang == "id" else figure
