"""Why a portal got its word, in Indonesian; what a crawl or the ledger noted stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
CAUSES = {
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
