"""Score the finding of carriers: score_releases.py FILE [STYLE ...]; FILE is that of score_stories.py.

Originals that others copied are taken out of the archive, put under a letterhead, into a file, read from it and added
as releases. Their copies are the carriers; so are `derived:` rows of their group, but those with other numbers. Rows
that nobody copied are added too, and whoever carries one on another portal is a false carrier.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import textwrap
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kwri_crawler import desk
from kwri_crawler.archive import open_archive, releases
from kwri_crawler.archive.releases import Release
from kwri_crawler.items import Precision
from tests import papers
from tests.score_stories import NEW_INSTANCE, Row, ingest, read

HEAD = (
    "KEPOLISIAN NEGARA REPUBLIK INDONESIA", "DAERAH CONTOH RAYA", "BIDANG HUBUNGAN MASYARAKAT",
    "Jalan Merdeka Timur Nomor 12, Kota Contoh 60111  Telp. (031) 5550123",
    "Surel: humas@contoh.example   Laman: humas.contoh.example", "SIARAN PERS",
    "Nomor: SP/7/VI/HUM.6.1.1./2025/Bidhumas", "UNTUK SEGERA DISIARKAN", "Perihal", "Keterangan Resmi", "Sifat",
    "Biasa",
    "Lampiran", "1 (satu) berkas foto", "Bidhumas Sampaikan Perkembangan Terbaru kepada Awak Media",
)  # fmt: skip
TAIL = (
    "Demikian siaran pers ini disampaikan kepada rekan-rekan media, atas kerja sama dan pemuatannya diucapkan"
    " terima kasih.",
    "Narahubung:", "Penata Contoh, Kasubbid Penmas, 0812-0000-1234", "Kota Contoh, 18 Juni 2025",
    "a.n. KEPALA KEPOLISIAN DAERAH CONTOH RAYA", "KABID HUMAS", "ttd.", "Dr. CONTOH PENANDATANGAN, S.H., M.H.",
    "KOMISARIS BESAR POLISI NRP 70010203", "Tembusan: 1. Kapolda. 2. Wakapolda. 3. Irwasda.",
)  # fmt: skip
SALUTATION = (
    "Dengan hormat, bersama surat ini kami sampaikan siaran pers mengenai pokok di atas dengan harapan Bapak/Ibu"
    " berkenan"
    " memuatnya pada kesempatan pertama sesuai dengan kebijakan redaksi masing-masing. Materi foto dan video dapat"
    " diunduh"
    " melalui tautan yang kami kirimkan terpisah."
)
MINISTRY = (
    "KEMENTERIAN CONTOH URUSAN RAKYAT REPUBLIK INDONESIA", "SEKRETARIAT JENDERAL",
    "BIRO KOMUNIKASI DAN PELAYANAN INFORMASI PUBLIK",
    "Gedung Utama Lantai 4 Sayap Barat, Jalan Bunga Melati Raya Kaveling 7-9, Kota Contoh 10110",
    "Telepon (021) 5550001, 5550002, 5550003 (hunting); Faksimile (021) 5550004; Pusat Panggilan 150000",
    "Nomor      : 217/SP/BIROKOM/VI/2025", "Sifat      : Segera", "Lampiran   : -", "Hal        : Siaran Pers",
    "Kepada Yth.", "Pemimpin Redaksi Media Cetak, Elektronik, dan Daring", "di Tempat", SALUTATION, "SIARAN PERS",
)  # fmt: skip
DISCLAIMER = (
    "Surat elektronik ini beserta lampirannya ditujukan hanya kepada penerima yang dimaksud dan dapat berisi"
    " keterangan yang"
    " bersifat rahasia menurut undang-undang. Apabila Anda bukan penerima yang dimaksud, mohon memberi tahu"
    " pengirim dan"
    " menghapus surat ini beserta seluruh lampirannya dari sistem Anda. Penyebarluasan, penggandaan atau pemakaian"
    " isi surat"
    " tanpa persetujuan tertulis dari pengirim tidak diperkenankan. Pengirim tidak bertanggung jawab atas kerusakan"
    " yang"
    " timbul karena virus atau perubahan selama pengiriman."
)
PROGRAMME = tuple(
    f"{8 + i}.00-{9 + i}.00 WIB | {what}"
    for i, what in enumerate((
        "Registrasi peserta dan kopi pagi | Panitia", "Lagu kebangsaan dan doa bersama | Seksi acara",
        "Laporan ketua panitia pelaksana | Ketua", "Sambutan tuan rumah dan pembukaan resmi | Kepala",
        "Paparan narasumber pertama dan tanya jawab | Moderator", "Istirahat siang, salat, dan makan | Panitia",
        "Perumusan hasil dan penutupan acara | Ketua", "Ramah tamah dan foto bersama | Semua",
    ))
)  # fmt: skip


def letterhead(body: Sequence[str]) -> list[str]:
    return [*HEAD, *body, *TAIL]


def wrapped(body: Sequence[str]) -> str:
    return "\n".join(line for text in letterhead(body) for line in textwrap.wrap(text, 72))


def in_pages(body: Sequence[str]) -> bytes:
    lines = wrapped(body).encode("latin-1", "replace").decode("latin-1").replace("\\", "/").split("\n")
    pages = [
        [*lines[at : at + 50], f"Siaran Pers Bidhumas Polda Contoh Raya  Halaman {at // 50 + 1}"]
        for at in range(0, len(lines), 50)
    ]
    return papers.pdf(pages)


def pasted(body: Sequence[str]) -> str:
    greeting = "Assalamualaikum rekan-rekan media, mohon izin berbagi rilis hari ini, mohon bantuan pemuatannya ya kak."
    return "\n".join(["*SIARAN PERS*", greeting, *body, "_Sumber: Humas Contoh_", "#humas #contoh", "Terima kasih"])


def numbered(body: Sequence[str]) -> list[str]:
    return [
        "NOTA DINAS",
        "Kepada: Redaksi",
        *(f"{i}. {text}" for i, text in enumerate(body, 1)),
        "Penulis: Staf Prokompim",
    ]


STYLES: dict[str, tuple[str, Callable[[Sequence[str]], bytes]]] = {
    "word": ("docx", lambda body: papers.word(letterhead(body))),
    "open-document": ("odt", lambda body: papers.open_document(letterhead(body))),
    "wrapped": ("txt", lambda body: wrapped(body).encode()),
    "pdf": ("pdf", in_pages),
    "one-line": ("txt", lambda body: " ".join(letterhead(body)).encode()),
    "ministry": ("docx", lambda body: papers.word([*MINISTRY, *body, *TAIL])),
    "mail": ("eml", lambda body: papers.letter([SALUTATION, *body, "Salam hangat,", "Humas Contoh", DISCLAIMER])),
    "mail-html": ("eml", lambda body: papers.letter(letterhead(body), html=True)),
    "whatsapp": ("txt", lambda body: pasted(body).encode()),
    "memo": ("docx", lambda body: papers.word(numbered(body))),
    "programme": ("docx", lambda body: papers.word([*letterhead(body), "LAMPIRAN", "Susunan Acara", *PROGRAMME])),
}


class Set:
    """The rows of a file, and an archive of those that are no releases."""

    def __init__(self, rows: list[Row], path: Path) -> None:
        real = [row for row in rows if not row["relation"].startswith("derived")]
        sizes = Counter(row["cluster_id"] for row in real)
        bases = {row["group"] for row in rows if row["relation"].startswith("derived")}
        originals = {row["cluster_id"]: row for row in rows if row["relation"] == "original"}
        self.held = [
            row for row in originals.values() if sizes[row["cluster_id"]] > 1 or row["group"] in bases
        ]  # fmt: skip
        self.alone = [row for row in real if row["relation"] in ("independent", "template")]
        held = {row["id"] for row in self.held}
        kept = [row for row in rows if row["id"] not in held]
        self.placed, _ = asyncio.run(ingest(kept, path))
        self.rows = {self.placed[row["id"]]: row for row in kept if row["id"] in self.placed}
        db = open_archive(path)
        self.out_at = dict(db.conn.execute("SELECT id, out_at FROM articles").fetchall())
        db.close()
        self._of = defaultdict(set)
        for article, row in self.rows.items():
            derived = row["relation"].startswith("derived")
            self._of["group" if derived else "cluster", row["group" if derived else "cluster_id"]].add(article)

    def carriers(self, row: Row) -> set[int]:
        """Return the articles that carry a row's text."""
        derived = self._of["group", row["group"]] if row["id"] not in self.placed else set()
        found = {article for article in derived if NEW_INSTANCE not in self.rows[article]["relation"]}
        return (found | self._of["cluster", row["cluster_id"]]) - {self.placed.get(row["id"], 0)}

    def sent_at(self, row: Row) -> datetime | None:
        near = self.carriers(row) if row["id"] not in self.placed else {self.placed[row["id"]]}
        found = [self.out_at[article] for article in near if article in self.out_at]
        return datetime.fromisoformat(min(found)) if found else None


def score(found: Set, path: Path, style: str) -> str:
    """Add all releases in one style to an archive; return how that went, on one line."""
    suffix, write = STYLES[style]
    db = open_archive(path)
    counts: Counter[str] = Counter()
    spent = 0.0
    for row in (*found.held, *found.alone):
        at = found.sent_at(row)
        if at is None:
            continue
        file = path.with_name(f"release.{suffix}")
        file.write_bytes(write([text.strip() for text in row["text"].split("\n") if text.strip()]))
        paper = desk.read_paper(file)
        began = time.process_time()
        (added,) = releases.add(
            db, [Release(row["id"], None, "Keterangan Resmi", paper.paragraphs, at, Precision.MINUTE)]
        )
        spent += time.process_time() - began
        sql = "SELECT article FROM release_articles WHERE release = ? AND kind = 'copy'"
        got = {article for (article,) in db.conn.execute(sql, (added.release,)).fetchall()}
        got.discard(found.placed.get(row["id"], 0))
        true = found.carriers(row)
        is_alone = row["id"] in found.placed
        if is_alone:  # a portal's follow-ups share its text, and are no releases
            got = {article for article in got if found.rows[article]["source_site"] != row["source_site"]}
            true = {article for article in true if found.rows[article]["source_site"] != row["source_site"]}
            counts["alone, falsely carried"] += bool(got - true)
        for name, articles in (("right", got & true), ("false", got - true), ("missed", true - got)):
            for article in articles:
                relation = found.rows[article]["relation"]
                counts[f"{'derived' if relation.startswith('derived') else 'real'} {name}"] += 1
                counts["other numbers"] += name == "false" and NEW_INSTANCE in relation
    db.close()
    told = []
    for kind in ("real", "derived"):
        right, false, missed = (counts[f"{kind} {name}"] for name in ("right", "false", "missed"))
        told.append(f"{kind} P {right / max(1, right + false):.3f} R {right / max(1, right + missed):.3f}")
    told += [f"{name} {counts[name]}" for name in ("other numbers", "alone, falsely carried")]
    return f"{style:14} {'; '.join(told)}; {1000 * spent / len((*found.held, *found.alone)):.1f} CPU-ms a release"


def main(path: str, *styles: str) -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base.sqlite"
        found = Set(read(Path(path)), base)
        for style in styles or STYLES:
            run = Path(folder) / "run.sqlite"
            for left in Path(folder).glob("run.sqlite*"):
                left.unlink()
            run.write_bytes(base.read_bytes())
            print(score(found, run, style), flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
