"""The words of the desk's pages in Indonesian and English, added to those of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kwri_crawler.report.words import Words

# key: (Indonesian, English)
_TEXTS = {
    "desk": ("Meja humas", "Press desk"),
    "today": ("Hari ini", "Today"),
    "releases_short": ("Rilis", "Releases"),
    "search": ("Cari", "Search"),
    "league_short": ("Klasemen", "League"),
    "watches": ("Pantauan", "Watches"),
    "watch": ("Pantauan", "Watch"),
    "query": ("Pencarian", "Search"),
    "told": ("Diberitahukan", "Told"),
    "last_told": ("Terakhir", "Last"),
    "waiting": ("Belum terkirim", "Not delivered"),
    "rests": ("istirahat", "rests"),
    "no_watches": (
        "Belum ada pantauan. Buat dengan kwri watches add.",
        "There is no watch yet. Make one with kwri watches add.",
    ),
    "no_hits": (
        "Belum menemukan apa pun: pantauan melihat yang diarsipkan sesudah dibuat.",
        "It found nothing yet: a watch looks at what is archived after it was made.",
    ),
    "watches_of_day": ("Pantauan hari itu", "Watches of the day"),
    "notes": ("Catatan", "Notes"),
    "tables": ("Semua tabel", "All tables"),
    "language": ("English", "Bahasa Indonesia"),
    "as_csv": ("Unduh sebagai CSV", "Download as CSV"),
    "lede_day": (
        "{articles} di {portals}; tanpa salinannya {texts}.",
        "{articles} on {portals}; without copies {texts}.",
    ),
    "no_day": ("Arsip masih kosong.", "The archive is still empty."),
    "no_day_hint": (
        "Jalankan kwri harvest, lalu muat ulang halaman ini.",
        "Run kwri harvest, then load this page again.",
    ),
    "of_week": (
        "Dikirim {since} sampai {until}: {sent} rilis; {ran} tayang, {nowhere} tidak tayang di mana pun.",
        "Sent from {since} to {until}: {sent} releases; {ran} ran, {nowhere} ran nowhere.",
    ),
    "counted": (
        "{sent} rilis; {ran} tayang, {nowhere} tidak tayang di mana pun.",
        "{sent} releases; {ran} ran, {nowhere} ran nowhere.",
    ),
    "no_releases": (
        "Tidak ada rilis dari hari-hari ini. Tambahkan dengan kwri releases add.",
        "No release was sent in these days. Enter some with kwri releases add.",
    ),
    "only_first": (
        "Hanya {number} pertama yang tampak; persempit harinya.",
        "Only the first {number} are shown; choose fewer days.",
    ),
    "silent": ("Portal yang tidak memuat apa pun dari kami", "Portals that ran nothing of ours"),
    "silent_note": (
        "Hanya portal yang terbit dan dirayapi sesudah rilis itu dikirim.",
        "Only portals that published, and were crawled, after a release was sent.",
    ),
    "nobody": ("Tidak ada.", "None."),
    "stories_of_day": ("Cerita terbesar hari itu", "The largest stories of the day"),
    "no_stories_of_day": ("Tidak ada teks hari itu yang tayang dua kali.", "No text of that day ran twice."),
    "our_release": ("rilis kami", "our release"),
    "our_releases": ("Rilis kami", "Our release"),
    "since_day": ("Sejak", "Since"),
    "until_day": ("Sampai", "Until"),
    "all_units": ("semua satuan", "all units"),
    "all_portals": ("semua portal", "all portals"),
    "all_regions": ("semua daerah", "all regions"),
    "only_nowhere": ("hanya yang tidak tayang", "only those that ran nowhere"),
    "show": ("Tampilkan", "Show"),
    "sent_at": ("Dikirim {at}, {unit}.", "Sent {at}, {unit}."),
    "no_unit": ("satuan tidak disebut", "no unit named"),
    "ran_on": ("Tayang dalam {articles} di {portals}.", "It ran in {articles} on {portals}."),
    "ran_nowhere": ("Tidak tayang di mana pun.", "It ran nowhere."),
    "our_text": ("Naskah kami", "Our text"),
    "the_text": ("Naskah", "The text"),
    "portal": ("Portal", "Portal"),
    "spread_short": ("Sebaran", "Spread"),
    "same_headline": ("judul sama", "the same headline"),
    "of_ours": ("Dari rilis", "Of the release"),
    "own_part": ("Tambahan sendiri", "Its own part"),
    "kind_contains": ("rangkuman", "a roundup"),
    "kind_part": ("sebagian", "some passages"),
    "kind_story": ("lewat ceritanya", "by its story"),
    "same_day": ("hari yang sama", "the same day"),
    "days": ("{number} hari", "{number} days"),
    "to_look_at": (
        "Rangkuman dan sebagian naskah untuk dilihat orang; tidak dihitung.",
        "Roundups and shared passages are for a person to look at; they do not count.",
    ),
    "changes": ("Apa yang diubah", "What was changed"),
    "changes_note": (
        "Yang paling banyak diubah lebih dulu. Dicoret: tidak ada lagi; bergaris bawah: ditambahkan.",
        "The most changed first. Struck out: left out; underlined: added.",
    ),
    "ours": ("Kami", "Ours"),
    "words_changed": ("{number} kata berubah", "{number} words changed"),
    "coarse": (
        "Terlalu banyak berbeda untuk dibandingkan kata demi kata.",
        "Too much differs to compare it word by word.",
    ),
    "word_for_word": ("Sama kata demi kata", "Word for word the same"),
    "compare_others": ("Bandingkan juga", "Compare others"),
    "lede_story": (
        "{articles} di {portals} dalam {span}. Pertama: {first}.",
        "{articles} on {portals} within {span}. First: {first}.",
    ),
    "alone_lede": ("Teks ini hanya ada di satu alamat.", "This text stands at one address only."),
    "original": ("asal", "original"),
    "same_minute": (
        "Dalam menit yang sama dengan asalnya: urutannya bukan bukti siapa yang pertama.",
        "In the original's minute: their order proves nobody to be the first.",
    ),
    "undated_short": ("tanpa tanggal", "undated"),
    "tone": ("Nada", "Tone"),
    "tone_note": (
        "Nada ditetapkan orang, bukan mesin.",
        "A person sets the tone, no machine does.",
    ),
    "positif": ("positif", "positive"),
    "netral": ("netral", "neutral"),
    "negatif": ("negatif", "negative"),
    "no_tone": ("belum dinilai", "not set"),
    "topic": ("Topik", "Topic"),
    "note": ("Catatan", "Note"),
    "starred": ("Ditandai bintang", "Starred"),
    "star": ("Bintang", "Star"),
    "save": ("Simpan", "Save"),
    "noted_by": ("{who}, {at}", "{who}, {at}"),
    "enter_to_note": (
        "Untuk mencatat, buka alamat yang dicetak kwri desk.",
        "To note something, open the address that kwri desk printed.",
    ),
    "marked": (
        "{number} artikel diberi nada: {positive} positif, {neutral} netral, {negative} negatif.",
        "{number} articles have a tone: {positive} positive, {neutral} neutral, {negative} negative.",
    ),
    "no_notes": ("Belum ada catatan.", "Nothing was noted yet."),
    "any_tone": ("semua nada", "all tones"),
    "all_topics": ("semua topik", "all topics"),
    "what": ("Kata yang dicari", "Words to look for"),
    "search_hint": (
        'Kata-kata; beberapa kata berurutan dalam tanda kutip: "polres ngawi"; juga AND, OR, NOT, banjir*.',
        'Words; words in a row in quotes: "polres ngawi"; AND, OR, NOT and banjir* too.',
    ),
    "not_understood": ("Pencarian tidak dimengerti: {why}", "This search is not understood: {why}"),
    "found": ("{articles} ditemukan, satu baris per cerita.", "{articles} found, a line a story."),
    "found_more": (
        "Dari {articles} yang terakhir diarsipkan; persempit harinya atau portalnya.",
        "Of the last {articles} that were archived; choose days or a portal for others.",
    ),
    "found_nothing": ("Tidak ada yang ditemukan.", "Nothing was found."),
    "also_found": ("{articles} dari cerita ini", "{articles} of this story"),
    "save_watch": ("Simpan sebagai pantauan:", "Keep it as a watch:"),
    "region": ("Daerah", "Region"),
    "newest": ("Terbaru", "Newest"),
    "no_region": ("tidak satu daerah", "no one region"),
    "lede_portal": (
        "{articles} dalam arsip. Memuat {carried} dari {offered} rilis kami yang dapat dimuatnya.",
        "{articles} in the archive. It ran {carried} of {offered} releases of ours that it could have run.",
    ),
    "mean_after": ("Rata-rata {span} setelah dikirim.", "On average {span} after they were sent."),
    "last_crawl": ("Dirayapi terakhir {at}.", "Last crawled {at}."),
    "our_releases_here": ("Rilis kami di portal ini", "Our releases on this portal"),
    "not_run": ("tidak dimuat", "not run"),
    "latest": ("Artikel terbaru", "Latest articles"),
    "by_day": ("per hari", "by day"),
    "by_week": ("per pekan", "by week"),
    "by_month": ("per bulan", "by month"),
    "sort_articles": ("paling banyak dimuat", "most carried"),
    "sort_carried": ("paling sering tayang", "most that ran"),
    "sort_releases": ("paling banyak mengirim", "most sent"),
    "sort_fastest": ("paling cepat", "fastest"),
    "week_of": ("Pekan {day}", "Week of {day}"),
    "widest": ("Terluas", "Widest"),
    "mean_first": ("Rata-rata pertama setelah", "First after, on average"),
    "was_first": ("Pertama memuat", "First to run"),
    "rewarding": (
        "Hitungan salinan menghargai salinan: lihat juga berapa yang ditambahkan portal sendiri.",
        "A count of copies rewards copying: look at what a portal added of its own, too.",
    ),
    "ran_means": (
        "Tayang berarti teksnya dimuat; yang ditulis ulang seluruhnya tidak terhitung.",
        "Ran means that the text is shared; what was rewritten wholly is not counted.",
    ),
    "wrong_404": ("Tidak ada di arsip", "Not in the archive"),
    "wrong_400": ("Alamat ini tidak dimengerti", "This address is not understood"),
    "wrong_503": ("Terlalu lama", "It took too long"),
    "wrong_503_hint": (
        "Pilih hari yang lebih sedikit, satu portal, atau kata yang lebih jarang.",
        "Choose fewer days, one portal, or a rarer word.",
    ),
    "footer": (
        "kwri-crawler {version}. Halaman ini tidak meminta apa pun dari tempat lain.",
        "kwri-crawler {version}. This page asks for nothing from elsewhere.",
    ),
}


@dataclass(frozen=True)
class DeskWords(Words):
    """One language's words and forms."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {**Words.texts, **_TEXTS}
