"""The words of a clipping in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from kwri_crawler.forms import Language

# key: (Indonesian, English)
_TEXTS = {
    "title": ("Kliping Media", "Media clipping"),
    "contents": ("Daftar isi", "Contents"),
    "number": ("No", "No"),
    "medium": ("Media", "Medium"),
    "time": ("Waktu terbit", "Published"),
    "headline": ("Judul", "Headline"),
    "page": ("Hal.", "Page"),
    "tone": ("Nada", "Tone"),
    "articles": ("Artikel", "Articles"),
    "media": ("Media", "Portals"),
    "positif": ("positif", "positive"),
    "netral": ("netral", "neutral"),
    "negatif": ("negatif", "negative"),
    "counts": ("{articles} dari {media}.", "{articles} from {media}."),
    "one_a_story": (
        "Teks yang sama dicetak satu kali, dengan media lain yang memuatnya di bawahnya.",
        "A text is printed once, with the other media that ran it below.",
    ),
    "empty": (
        "Arsip tidak menyimpan artikel untuk kliping ini.",
        "The archive holds no article for this clipping.",
    ),
    "source": ("Sumber", "Source"),
    "address": ("Alamat", "Address"),
    "author": ("Penulis", "Author"),
    "also_on": ("juga di {portals} media lain", "also on {portals} more"),
    "carriers": ("Dimuat juga oleh", "Also run by"),
    "carriers_more": ("dan {number} lagi", "and {number} more"),
    "changed_title": ("judul: {title}", "headline: {title}"),
    "paywall": ("Berbayar: teks di arsip mungkin terpotong.", "Behind a paywall: the archived text may be cut."),
    "gone": ("Tidak ada lagi di medianya sejak {at}.", "No longer on its portal since {at}."),
    "undated": ("tanpa tanggal; pertama terlihat {at}", "undated; first seen {at}"),
    "about": ("sekitar {when}", "about {when}"),
    "text": ("Teks", "Text"),
    "capture": ("Bukti tayang", "The page as kept"),
    "received": ("Halaman diterima {at}.", "The page was received on {at}."),
    "captured_part": (
        "Gambar: piksel {first} sampai {last} dari {height}.",
        "Shown: pixels {first} to {last} of {height}.",
    ),
    "other_reception": (
        "Ini penerimaan lain dari alamat yang sama, bukan yang dibaca untuk teks di atas.",
        "This is another reception of the address, not the one that the text above was read from.",
    ),
    "offline": (
        "Ditampilkan tanpa jaringan dan tanpa skrip: gambar dan gaya dari alamat lain tidak dimuat.",
        "Shown without a network and without scripts: pictures and styles of other addresses are not loaded.",
    ),
    "capture_not_kept": (
        "Bukti tayang: halaman ini tidak disimpan di arsip.",
        "The page as kept: no page of this article is kept.",
    ),
    "capture_no_browser": (
        "Bukti tayang: tidak dibuat karena chromium tidak terpasang.",
        "The page as kept: not drawn, because chromium is not installed.",
    ),
    "capture_not_shown": (
        "Bukti tayang: halaman yang disimpan tidak dapat ditampilkan.",
        "The page as kept: the kept page could not be drawn.",
    ),
    "received_at": ("Halaman diterima (UTC)", "Page received (UTC)"),
    "conclusion": ("Kesimpulan", "Conclusion"),
    "suggestions": ("Saran", "Suggestions"),
    "days": ("{first} sampai {last}", "{first} to {last}"),
    "since": ("sejak {day}", "since {day}"),
    "until": ("sampai {day}", "until {day}"),
    "of_portal": ("Media: {name}", "Medium: {name}"),
    "of_unit": ("Rilis dari: {name}", "Releases of: {name}"),
    "of_release": ("Rilis: {name}", "Release: {name}"),
    "of_search": ("Pencarian: {name}", "Search: {name}"),
    "of_story": ("Cerita nomor {name}", "Story {name}"),
    "of_watch": ("Pantauan: {name}", "Watch: {name}"),
    "of_starred": ("Artikel yang diberi bintang", "Starred articles"),
    "made": ("Dibuat {at} dengan kwri-crawler {version}.", "Made on {at} by kwri-crawler {version}."),
    "sheet": ("Kliping", "Clipping"),
    "sheet_about": ("Keterangan", "About"),
    "zone": ("Zona", "Zone"),
    "precision": ("Ketelitian", "Precision"),
    "others": ("Media lain", "Others"),
}


@dataclass(frozen=True)
class ClippingWords(Language):
    """One language's words and forms."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = _TEXTS

    def moment_s(self, at: datetime) -> str:
        """Write an aware moment in UTC, with its seconds."""
        return f"{self.day(at.astimezone(UTC).isoformat())}, {at.astimezone(UTC):%H:%M:%S} UTC"
