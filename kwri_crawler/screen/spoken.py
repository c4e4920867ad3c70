"""The words that commands print for a desk, in Indonesian and English; and which language the user wants."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kwri_crawler.causes import Cause
from kwri_crawler.forms import Language
from kwri_crawler.health import Reason, Verdict, sentences

# key: (Indonesian, English)
_TEXTS = {
    "no_stories": (
        "tidak ada cerita: tidak ada teks yang tayang di dua alamat; `scrapy restory` menyusun yang tersimpan dulu",
        "no stories: no text stands on two addresses there; `scrapy restory` settles what was stored before",
    ),
    "largest": ("terbesar", "largest"),
    "fastest": (
        "tercepat: portal lain dalam enam jam",
        "fastest: other portals within six hours",
    ),
    "story": ("cerita", "story"),
    "articles": ("artikel", "articles"),
    "portals": ("portal", "portals"),
    "in_6_h": ("dlm 6 jam", "in 6 h"),
    "hours": ("jam", "hours"),
    "first": ("pertama", "first"),
    "story_head": (
        "cerita {number}: {articles} artikel di {portals} portal dalam {hours} jam",
        "story {number}: {articles} articles on {portals} portals in {hours} hours",
    ),
    "original": ("asli", "original"),
    "lag": ("+{hours} jam", "+{hours} h"),
    "undated": ("(tanpa tanggal)", "(undated)"),
    "seen": ("terlihat", "seen"),
    "headline": ("judul", "headline"),
    "changed_headline": ("judul diubah", "changed headline"),
    "source": ("menyebut sumbernya", "names its source"),
    "same_minute": (
        "pada menit yang sama dengan yang asli: urutannya urutan perayapan kami, bukan bukti",
        "in the original's minute: which came first is the order of our crawls, and no evidence",
    ),
    "same_text": ("kata demi kata teks yang sama", "word for word the same text"),
    "coarse": (
        "terlalu banyak berbeda untuk dibandingkan kata demi kata",
        "too much differs to compare it word by word",
    ),
    "more_differences": ("dan {number} perbedaan lagi", "and {number} more differences"),
    "contains": ("memuat", "contains"),
    "is contained in": ("dimuat dalam", "is contained in"),
    "follows up": ("lanjutan dari", "follows up"),
    "is followed up by": ("dilanjutkan oleh", "is followed up by"),
    "portal": ("portal", "portal"),
    "is": ("keadaan", "is"),
    "since": ("sejak", "since"),
    "a_day": ("sehari", "a day"),
    "usual": ("biasa", "usual"),
    "crawled": ("dirayapi", "crawled"),
    "next": ("berikut", "next"),
    "why": ("sebab", "why"),
    "of": ("dari", "of"),
    "portal_is": ("{id} ({name}, {home}): {word}", "{id} ({name}, {home}) is {word}"),
    "why_so": ("sebab", "why"),
    "try": ("coba", "try"),
    "quarantine": (
        "karantina: ia gagal diverifikasi, dan diminta seminggu sekali sampai satu perayapan berjalan baik",
        "quarantine: it failed its verifications, and is asked once a week until a crawl goes well",
    ),
    "last_crawl": ("perayapan terakhir", "last crawl"),
    "ago": ("{span} lalu, {finish}", "{span} ago, {finish}"),
    "running": ("berjalan atau terbunuh", "running or killed"),
    "never": ("belum pernah", "never"),
    "now": ("sekarang", "now"),
    "in": ("dlm {span}", "in {span}"),
    "span_m": ("{number} mnt", "{number}m"),
    "span_h": ("{number} jam", "{number}h"),
    "span_d": ("{number} hari", "{number}d"),
    "note": ("catatan", "note"),
    "same_author": sentences.SAME_AUTHOR,
    "last_week": ("7 hari terakhir", "last 7 days"),
    "figure_articles_a_day": ("artikel sehari", "articles a day"),
    "figure_author": ("dengan penulis", "with author"),
    "figure_section": ("dengan rubrik", "with section"),
    "figure_image": ("dengan gambar", "with image"),
    "figure_to_the_minute": ("dengan jam terbit", "dated to the minute"),
    "figure_words": ("kata, artikel tengah", "words, middle article"),
    "figure_lag_h": ("jam sampai kami tahu", "hours until we know it"),
    "figure_lost": ("halaman tanpa artikel", "pages without article"),
    "figure_crawls_unread": ("perayapan tidak utuh", "crawls not read whole"),
    "by_weekday": ("per hari", "by weekday"),
    "lost_of_week": ("hilang dalam 7 hari", "lost in 7 days"),
    "back_to": ("sampai", "back to"),
    "never_tried": ("belum dicoba", "never tried"),
    "release": ("rilis", "release"),
    "releases": ("rilis", "releases"),
    "sent": ("dikirim", "sent"),
    "unit": ("satuan", "unit"),
    "title": ("judul", "title"),
    "span": ("rentang", "span"),
    "carried": ("dimuat", "carried"),
    "nowhere": ("tidak dimuat", "nowhere"),
    "widest_portals": ("portal terbanyak", "widest portals"),
    "mean_first_hours": ("rata-rata jam pertama", "mean first hours"),
    "share": ("bagian", "share"),
    "no_releases": (
        "tidak ada rilis dari hari-hari itu; `scrapy releases add` memasukkannya",
        "no releases of these days; `scrapy releases add` enters them",
    ),
    "ran_of": ("{releases}; {ran} dimuat, {nowhere} tidak", "{releases}; {ran} ran, {nowhere} nowhere"),
    "release_head": ("rilis {number}: {title}", "release {number}: {title}"),
    "sent_by": ("{name}, {unit}, dikirim {at}", "{name}, {unit}, sent {at}"),
    "no_unit": ("tanpa satuan", "no unit"),
    "ran_on": ("{articles} di {portals}", "{articles} on {portals}"),
    "ran_nowhere": ("tidak dimuat di mana pun", "ran nowhere"),
    "h": ("jam", "h"),
    "d": ("hari", "d"),
    "same_day": ("hari sama", "same day"),
    "of_copy": ("", ""),
    "of_contains": (" (rangkuman)", " (a roundup)"),
    "of_part": (" (beberapa bagian)", " (some passages)"),
    "same_headline": ("judul sama", "the same headline"),
    "shares": (
        "memuat {share} isi rilis; {own} artikel ini teks sendiri",
        "{share} of the release is in it; {own} of the article is its own",
    ),
    "removed": ("{name}: dihapus", "{name}: removed"),
    "no_release": (
        "{name}: tidak ada rilis itu; `scrapy releases` menampilkan semuanya",
        "{name}: no such release; `scrapy releases` lists them",
    ),
    "verdict_added": ("ditambahkan", "added"),
    "verdict_changed": ("diubah", "changed"),
    "verdict_known": ("sudah ada", "known"),
    "known_as": ("sudah ada dengan nama {name}", "known as {name}"),
    "sent_on": ("dikirim {day}", "sent {day}"),
    "from_option": ("--at", "--at"),
    "from_file time": ("waktu berkas", "the file's own time"),
    "from_e-mail": ("tanggal surel", "the e-mail's date"),
    "from_file name": ("nama berkas", "the file's name"),
    "from_text": ("tercetak di teksnya", "printed in it"),
    "carried_now": ("kini dimuat {articles} di {portals}", "carried by {articles} on {portals} now"),
    "not_yet": ("belum dimuat", "not carried yet"),
    "short": (
        "kurang dari {words} kata: hanya teks yang persis sama yang ditemukan",
        "under {words} words: only the identical text is found",
    ),
    "no_day": ("tidak ada tanggal di dalamnya", "no day is printed in it"),
    "several_days": ("ada beberapa tanggal di dalamnya: {days}", "several days are printed in it: {days}"),
    "say_at": ("tulis --at 2024-06-27T14:10", "say --at 2024-06-27T14:10"),
    "left_out": (
        "{articles} tanpa tanggal tidak dimasukkan",
        "{articles} without a date were left out",
    ),
    "no_files": (
        "{names}: tidak ada berkas yang dapat dibaca; {kinds}",
        "{names}: no file of a kind that is read; {kinds}",
    ),
    "no_own_articles": (
        "{portal}: tidak ada artikel dari hari-hari itu; `scrapy crawl {portal}` mengambilnya",
        "{portal}: no article of these days; `scrapy crawl {portal}` brings them",
    ),
    "no_file": ("{name}: tidak ada berkas itu", "{name}: no such file"),
    "not_read": ("{name}: tidak terbaca: {why}", "{name}: not read: {why}"),
    "fault_old word": (".doc lama; simpan sebagai .docx", "an old .doc; save it as .docx"),
    "fault_rich text": ("rich text (.rtf); simpan sebagai .docx", "rich text; save it as .docx"),
    "fault_password": ("dikunci kata sandi; simpan tanpa kata sandi", "a password; save it without one"),
    "fault_scan": (
        "hasil pindai tanpa teks; simpan sebagai PDF dari program yang menulisnya",
        "a scan without text; save it as PDF from the program that wrote it",
    ),
    "fault_empty": ("tidak ada teks di dalamnya", "no text in it"),
    "fault_other zip": ("bukan berkas Word; simpan sebagai .docx", "not a Word file; save it as .docx"),
    "fault_spreadsheet": (
        "lembar kerja; simpan daftarnya sebagai CSV UTF-8",
        "a spreadsheet; save the list as CSV UTF-8",
    ),
    "fault_packed": ("berkas terkemas; buka dulu kemasannya", "a packed file; unpack it first"),
    "fault_other kind": (
        "jenis berkas ini tidak dibaca; simpan sebagai .docx atau .txt",
        "a kind of file that is not read; save it as .docx or .txt",
    ),
    "fault_not text": ("bukan teks; simpan sebagai UTF-8", "not a text; save it as UTF-8"),
    "fault_too large": (
        "terlalu besar, terkemas atau setelah dibuka; buang gambarnya: paling besar {mb} MB",
        "too large, packed or unpacked; leave pictures out: {mb} MB is the most",
    ),
    "fault_too slow": (
        "terlalu lama dibaca; simpan sebagai .docx atau .txt",
        "it takes too long to read; save it as .docx or .txt",
    ),
    "fault_damaged": ("rusak; buka dan simpan kembali", "damaged; open it and save it again"),
    "not_added": ("{name}: tidak ada yang dimasukkan: {why}", "{name}: nothing of it was added: {why}"),
    "list_not UTF-8": (
        "baris {line} bukan UTF-8; simpan daftarnya sebagai CSV UTF-8",
        "line {line} is not UTF-8; save the list as CSV UTF-8",
    ),
    "list_no CSV": ("bukan CSV; simpan sebagai CSV UTF-8", "it is no CSV; save it as CSV UTF-8"),
    "list_no column": (
        "kolom {column} tidak ada; baris pertamanya harus memuat kolom {columns}",
        "the column {column} is missing; its first line must have the columns {columns}",
    ),
    "list_empty cell": ("baris {line}: {column} kosong", "line {line}: {column} is empty"),
    "list_twice": ("baris {line}: nama {value} ada dua kali", "line {line}: the name {value} stands twice"),
    "list_no moment": (
        "baris {line}: released_at {value}: bukan tanggal; tulis 2024-06-27 14:10",
        "line {line}: released_at {value}: no date; write it as 2024-06-27 14:10",
    ),
    "state": ("status", "state"),
    "url": ("alamat", "url"),
    "reason": ("sebab", "reason"),
    "state_carries it": ("memuatnya", "carries it"),
    "state_has some of it": ("memuat sebagian", "has some of it"),
    "state_archived, carries no release": ("tersimpan, bukan rilis", "archived, carries no release"),
    "state_archived, of a desk's own portal": ("tersimpan, portal sendiri", "archived, of a desk's own portal"),
    "state_known, not archived": ("dikenal, belum tersimpan", "known, not archived"),
    "state_not archived": ("belum tersimpan", "not archived"),
    "state_carries it, not reported": ("memuatnya, tidak dilaporkan", "carries it, not reported"),
    "addresses": ("alamat", "addresses"),
    "links_of": (
        "{addresses}, {lines} baris tanpa alamat; {carriers} pemuat yang tidak dilaporkan",
        "{addresses}, {lines} lines without one; {carriers} carriers that nobody reported",
    ),
    "watch": ("pantauan", "watch"),
    "search": ("pencarian", "search"),
    "least": ("mulai", "least"),
    "again": ("lagi di", "again"),
    "tells": ("kepada", "tells"),
    "waiting": ("menunggu", "waiting"),
    "last_told": ("terakhir", "last told"),
    "stories": ("cerita", "stories"),
    "all": ("semua", "all"),
    "nobody": ("tidak ada", "nobody"),
    "watch_added": (
        "{name}: ditambahkan; cerita yang tersimpan sejak sekarang diberitahukan, {to}",
        "{name}: added; it is told of stories that are archived from now on, {to}",
    ),
    "to_receivers": ("kepada {names}", "to {names}"),
    "to_nobody": ("tetapi tidak kepada siapa pun tanpa --send", "but to nobody without --send"),
    "no_watches": (
        "belum ada pantauan; scrapy watches add NAMA PENCARIAN membuatnya",
        "no watches; scrapy watches add NAME QUERY makes one",
    ),
    "did_you_mean": ("mungkin {near}?", "did you mean {near}?"),
    "no_watch": ("{name}: tidak ada pantauan itu", "{name}: no such watch"),
    "list_watches": ("`scrapy watches` menampilkan semuanya", "`scrapy watches` lists them"),
    "nothing_found": (
        "{name}: tidak ada apa-apa dalam {days} hari terakhir; --days yang lebih besar melihat lebih jauh",
        "{name}: nothing in the last {days} days; a larger --days looks further back",
    ),
    "nothing_new": ("tidak ada yang baru", "nothing new"),
    "taken": ("{to}: diterima", "{to}: taken"),
    "not_told": ("{to}: tidak dapat diberi tahu: {why}", "{to}: could not be told: {why}"),
    "feed_of": ("{stories} di {out}", "{stories} in {out}"),
    **sentences.WORDS,
}


@dataclass(frozen=True)
class Spoken(Language):
    """One language's words for a terminal."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = _TEXTS

    def why(self, verdict: Verdict) -> str:
        """Return why a portal got its word."""
        return "; ".join(map(self.reason, verdict.reasons))

    def reason(self, reason: Reason) -> str:
        """Return one of the reasons for a portal's word."""
        return "".join(text for text, _ in reason.pieces(self.lang))

    def cure(self, reason: Reason) -> str:
        """Return what an operator would try."""
        return sentences.cure_of(reason.says, reason.cause, self.lang)

    def cause(self, cause: Cause | None) -> str:
        """Return why an address brought no article, in a few words."""
        return sentences.label(cause, self.lang)


def spoken(opts: argparse.Namespace) -> Spoken:
    """Return the words in the language that was asked for, by --lang or by the environment's LC_ALL or LANG."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return Spoken(opts.lang or ("id" if named.partition(".")[0].partition("_")[0].lower() == "id" else "en"))
