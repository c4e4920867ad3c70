"""Why a portal got its word and what to try, in Indonesian; what a crawl or the ledger noted stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kwri_crawler.causes import Cause
from kwri_crawler.health import Reason, Says
from kwri_crawler.health.sentences import fill

INDONESIAN = {
    Says.NEVER: "belum pernah dirayapi",
    Says.YOUNG: "dirayapi kurang dari dua pekan",
    Says.NEVER_READ: "belum ada satu pun artikelnya yang didapat sejak {since}: {cause} ({told})",
    Says.UNREAD: "tidak ada perayapan yang membacanya utuh sejak {since}: {cause} ({told})",
    Says.READ_IN_PART: "tidak ada perayapan yang membacanya utuh sejak {since}: {cause} ({told});"
    " {stored} artikel datang lewat daftarnya yang lain",
    Says.LOST: "{lost} dari {total} halaman tidak membawa artikel dalam {days} hari: {told}",
    Says.FUTURE: "jamnya melompat: {ahead} dari {total} artikel dalam {days} hari bertanggal masa depan",
    Says.EARLIER: "jamnya melompat: artikel dari {days} hari bertanggal {hours} jam lebih awal dari kedatangannya",
    Says.LATER: "jamnya melompat: artikel dari {days} hari bertanggal {hours} jam lebih lambat dari kedatangannya",
    Says.FEWER: "{came} artikel dalam {days} hari berita; biasanya {usual:.0f}",
    Says.AUTHORS: "{have} dari {total} artikel dalam {days} hari menyebut penulis; biasanya {usual:.0%}",
    Says.SECTIONS: "{have} dari {total} artikel dalam {days} hari menyebut rubrik; biasanya {usual:.0%}",
    Says.IMAGES: "{have} dari {total} artikel dalam {days} hari bergambar; biasanya {usual:.0%}",
    Says.MINUTES: "{have} dari {total} artikel dalam {days} hari menyebut jam terbit; biasanya {usual:.0%}",
    Says.SHORTER: "artikel tengah dalam {days} hari berisi {words:.0f} kata; biasanya {usual:.0f}",
}
CAUSES: Mapping[Cause | None, str] = {
    Cause.BLOCK: "ia menolak kami",
    Cause.ROBOTS: "robots.txt-nya melarang",
    Cause.PROTECTED: "ia meminta masuk akun atau kata sandi",
    Cause.DNS: "nama situsnya tidak dikenal",
    Cause.CONNECTION_REFUSED: "sambungan ditolak",
    Cause.TIME_OUT: "tidak ada jawaban pada waktunya",
    Cause.TLS: "sambungan aman (TLS) gagal",
    Cause.NO_CONNECTION: "tidak ada sambungan",
    Cause.CUT_OFF: "jawabannya terpotong",
    Cause.SERVER_ERROR: "servernya mengalami galat",
    Cause.ROBOTS_UNREACHABLE: "robots.txt-nya tidak dapat diambil",
    Cause.GONE: "alamatnya tidak ada lagi",
    Cause.MOVED: "alamatnya dialihkan ke tempat lain",
    Cause.UNREAD: "isinya tidak terbaca",
    Cause.NOT_TAKEN: "yang datang bukan halaman",
    Cause.RULE: "alamatnya tidak boleh diminta",
    Cause.OUT_OF_REACH: "tidak ada daftar artikelnya yang sampai ke masa itu",
    Cause.OURS: "galat pada perayap kami sendiri",
}
UNKNOWN = "sebabnya tidak diketahui"

# Why an address brought no article, in a few words.
LABELS: Mapping[Cause | None, str] = {
    **CAUSES,
    Cause.UNREAD: "halamannya datang, tetapi tidak ada artikel yang terbaca",
    Cause.NOT_TAKEN: "berkas, atau lebih besar daripada yang kami terima",
    Cause.GONE: "tidak ada lagi",
    Cause.MOVED: "dialihkan ke tempat lain",
    Cause.RULE: "tidak diminta",
    Cause.OUT_OF_REACH: "tidak ada daftar yang sampai ke masa itu",
}
SAME_AUTHOR = (
    'semua artikelnya yang dilihat bertanda "{name}"; lihat satu, lalu tambahkan: [selectors] author = "CSS penulisnya"'
)

_WAIT = "tunggu sehari; kalau tetap begitu, periksa apakah portalnya pindah ke alamat lain"
_LISTING = "cari alamat baru daftar itu di beranda portal, lalu tulis di berkasnya"
_SELECTORS = "lihat satu alamat: kalau tampilannya berganti, tulis [selectors] atau family lain di berkasnya"
_CLOCK = "bandingkan tanggal satu halaman dengan jam Anda; atur zone portal itu, atau beri tahu portalnya"
_PAGE = "lihat satu halaman: kalau yang hilang masih tercetak, tulis [selectors] di berkas portal itu"
_UNKNOWN_CURE = "lihat satu alamat, dan log perayapan terakhirnya"
_NOTHING = "tidak perlu apa-apa: ia dinilai dari masa lalunya bila sudah ada"
_CURES: Mapping[Cause | None, str] = {
    Cause.BLOCK: "buka satu alamat di peramban; minta portal mengizinkan user agent kami; naikkan DOWNLOAD_DELAY",
    Cause.ROBOTS: "baca robots.txt-nya; patuhi, dan minta izin ke portal, atau tulis active = false di berkasnya",
    Cause.PROTECTED: "lihat satu alamat: apakah pembacanya harus masuk akun atau membayar?",
    Cause.DNS: _WAIT,
    Cause.CONNECTION_REFUSED: _WAIT,
    Cause.TIME_OUT: _WAIT,
    Cause.TLS: "buka satu alamat di peramban: apakah sertifikatnya berlaku? beri tahu portal; periksa apakah ia pindah",
    Cause.NO_CONNECTION: _WAIT,
    Cause.CUT_OFF: _WAIT,
    Cause.SERVER_ERROR: _WAIT,
    Cause.ROBOTS_UNREACHABLE: "tunggu sehari: selama robots.txt-nya gagal tidak ada yang boleh diminta; lalu beri tahu"
    " portal",
    Cause.GONE: _LISTING,
    Cause.MOVED: _LISTING,
    Cause.UNREAD: _SELECTORS,
    Cause.NOT_TAKEN: _SELECTORS,
    Cause.RULE: _LISTING,
    Cause.OUT_OF_REACH: "tulis daftar yang sampai ke artikel lama: halaman indeks, sitemap",
    Cause.OURS: "portalnya tidak salah: perbarui kwri-crawler; kalau tetap begitu, laporkan isi log-nya",
}
_CURES_OF = {
    Says.NEVER: _NOTHING,
    Says.YOUNG: _NOTHING,
    Says.FUTURE: _CLOCK,
    Says.EARLIER: _CLOCK,
    Says.LATER: _CLOCK,
    Says.FEWER: "lihat portalnya: apakah ia berhenti, pindah, atau beritanya kini di bagian lain?",
    Says.AUTHORS: _PAGE,
    Says.SECTIONS: _PAGE,
    Says.IMAGES: _PAGE,
    Says.MINUTES: _PAGE,
    Says.SHORTER: _PAGE,
}


def cure_in_indonesian(reason: Reason) -> str:
    """Return what an operator would try."""
    return _CURES_OF.get(reason.says) or _CURES.get(reason.cause, _UNKNOWN_CURE)


def in_indonesian(reasons: Iterable[Reason]) -> list[tuple[str, str]]:
    """Return the reasons in pieces, each with its language: what was noted is English, or what a portal answered."""
    pieces: list[tuple[str, str]] = []
    for reason in reasons:
        pieces += [("id", "; ")] if pieces else []
        pieces += _pieces(reason)
    return pieces


def _pieces(reason: Reason) -> Iterator[tuple[str, str]]:
    figures = dict(reason.figures)
    figures["cause"] = CAUSES.get(reason.cause, UNKNOWN) if reason.cause else UNKNOWN
    if "hours" in figures:
        figures["hours"] = f"{figures['hours']:.1f}".replace(".", ",")
    for text, is_told in fill(INDONESIAN[reason.says], figures, reason.told):
        yield ("en" if is_told else "id"), text
