"""Posts as newsrooms really leave them in a WordPress: one of each odd form, and what an archive must hold of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Any

_TEXT = (
    "Warga {name} memasang rambu baru di tikungan jembatan supaya truk pasir melambat sebelum pasar pagi dibuka.",
    "Rambu itu dibuat dari papan bekas gudang koperasi dan dicat dua kali oleh karang taruna pada akhir pekan.",
    "Kepala dusun menghitung {number} kendaraan dalam satu jam, lebih sedikit daripada sebelum tikungan dilebarkan.",
)
_FIRST = datetime(2024, 2, 1, 7, 30)


@dataclass(frozen=True)
class Odd:
    """One post; `text` must stand in what is stored of it, and where it is empty nothing may be."""

    title: str
    content: str
    text: str
    slug: str = ""
    more: dict[str, Any] = field(default_factory=dict)  # what fill.php knows beside title, slug and content

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the titles that it may be stored by: WordPress's own feed drops what looks like a tag, " <3"."""
        plain = unescape(re.sub(r"</?em>", "", self.title)).strip()
        return (plain, plain.removesuffix(" <3"))

    def post(self, number: int) -> dict[str, Any]:
        """Return what fill.php takes."""
        at = (_FIRST + timedelta(hours=31 * number)).isoformat(sep=" ")
        base = {"author": "Rahmat Wijanarko", "section": "Peristiwa", "tags": ["rambu", "jembatan"], "date": at}
        return {**base, "title": self.title, "slug": self.slug, "content": self.content, **self.more}


def _lines(name: str) -> list[str]:
    return [line.format(name=name, number=40 + len(name)) for line in _TEXT]


def _blocks(name: str, *more: str) -> str:
    return "\n\n".join(f"<!-- wp:paragraph --><p>{line}</p><!-- /wp:paragraph -->" for line in (*_lines(name), *more))


def _classic(name: str) -> str:
    return "\n\n".join(_lines(name))


def _odd(title: str, name: str, content: str = "", **more: Any) -> Odd:
    slug = more.pop("slug", "")
    return Odd(title, content or _blocks(name), f"Warga {name} memasang rambu", slug, more)


# Of one second, as an import leaves them: the order among them is the database's.
TIED = tuple(
    _odd(f"Impor nomor {number} dari laman lama", f"Impor {number}", date="2024-03-03 03:03:03", number=number)
    for number in range(1, 34)
)

ODD = (
    _odd("Naskah tanpa blok dari penyunting lama", "Klasik", _classic("Klasik")),
    _odd("Naskah berjudul sama", "Sama Satu"),
    _odd("Naskah berjudul sama", "Sama Dua"),
    _odd("Slug angka saja", "Angka", slug="2024"),
    _odd("Slug angka seperti halaman", "Halaman", slug="12-2"),
    _odd("Slug huruf asing", "Asing", slug="kabar-é-ñ-日本"),
    _odd("Slug seperti alamat umpan", "Umpan", slug="feed-desa"),
    _odd("Slug seperti nama laman redaksi", "Redaksi", slug="kontak"),
    _odd("Slug sama dengan nama rubrik", "Rubrik", slug="peristiwa"),
    _odd("Harga < 5 ribu & \"murah\" bagi ‘ibu’ <3", "Tanda"),
    _odd("Judul dengan <em>huruf miring</em> di tengah", "Miring"),
    _odd("Judul dengan 🚧 dan 👍🏽 di dalamnya", "Emoji", _blocks("Emoji", "Tanda 🚧 itu dipasang di kiri jalan.")),
    _odd("J" + "udul yang sangat panjang sekali " * 12, "Panjang"),
    _odd("Dibagi dua laman oleh penyunting", "Dua Laman",
         _blocks("Dua Laman") + "\n\n<!-- wp:nextpage --><!--nextpage--><!-- /wp:nextpage -->\n\n"
         + "<!-- wp:paragraph --><p>Laman kedua memuat jadwal ronda yang disepakati seluruh rukun tetangga.</p>"
           "<!-- /wp:paragraph -->"),
    _odd("Dipotong dengan lanjutkan membaca", "Lanjut",
         _blocks("Lanjut").replace("<!-- /wp:paragraph -->", "<!-- /wp:paragraph -->\n<!--more-->\n", 1)),
    _odd("Kutipan ditulis tangan", "Kutipan", excerpt="Ringkasan yang ditulis redaksi dengan tangan sendiri."),
    _odd("Format sisipan", "Sisipan", format="aside"),
    _odd("Format video", "Video", '<iframe src="https://video.example/x"></iframe>\n\n' + _classic("Video"),
         format="video"),
    _odd("Disematkan di beranda", "Sematan", sticky=True),
    _odd("Dalam dua rubrik", "Dua Rubrik", sections=["Peristiwa", "Ekonomi"]),
    _odd("Tanpa rubrik dan tanpa tagar", "Tanpa Rubrik", section="", tags=[]),
    _odd("Tanpa penulis", "Tanpa Penulis", author=""),
    _odd("Tanpa tanggal GMT", "Tanpa GMT", zero_gmt=True),
    _odd("Dari tahun sebelum portal ada", "Lama", date="1998-05-21 09:00:00"),
    _odd("Gambar dengan kode pendek", "Kode",
         '[caption id="a" width="300"]<img src="https://warta.example.id/a.jpg" /> Rambu di tikungan[/caption]\n\n'
         + _classic("Kode")),
    _odd("Tabel dan daftar", "Tabel", _classic("Tabel")
         + "\n\n<table><tr><td>Senin</td><td>40</td></tr><tr><td>Selasa</td><td>38</td></tr></table>"
         + "<ul><li>rambu</li><li>cermin</li></ul>"),
    _odd("Kata sandi di dalam teks", "Sandi", _blocks("Sandi", "Kata sandi Wi-Fi balai desa diganti tiap bulan.")),
    _odd("Sangat panjang", "Tebal", _blocks("Tebal", *(f"Catatan ronda malam ke-{n} ditulis di buku tamu balai desa"
         f" oleh {n + 3} orang yang berjaga." for n in range(300)))),
    Odd("Satu kalimat", "<p>Listrik padam di tiga dusun sejak petang karena pohon tumbang di dekat gardu.</p>",
        "Listrik padam di tiga dusun", "satu-kalimat"),
    Odd("", _blocks("Tanpa Judul"), "Warga Tanpa Judul memasang rambu", "tanpa-judul"),
    *TIED,
)  # fmt: skip
