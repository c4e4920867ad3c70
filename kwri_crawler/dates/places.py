"""The names that a dateline may hold: Indonesia's regencies and cities, its provinces and what portals call themselves.

Names after Kepmendagri 100.1.1-6117/2022 (416 kabupaten, 98 kota); a city outside the list is still read as a place.
"""

from __future__ import annotations

import re

# Compounds with a point of the compass share their first word, so both "Lampung" and "Lampung Selatan" are known.
_REGENCIES_AND_CITIES = """
Aceh Barat|Aceh Barat Daya|Aceh Besar|Aceh Jaya|Aceh Selatan|Aceh Singkil|Aceh Tamiang|Aceh Tengah|Aceh Tenggara
Aceh Timur|Aceh Utara|Bener Meriah|Bireuen|Gayo Lues|Nagan Raya|Pidie|Pidie Jaya|Simeulue|Banda Aceh|Langsa
Lhokseumawe|Sabang|Subulussalam|Meulaboh|Sigli|Takengon|Asahan|Batu Bara|Dairi|Deli Serdang|Humbang Hasundutan|Karo
Labuhanbatu|Labuhanbatu Selatan|Labuhanbatu Utara|Langkat|Mandailing Natal|Nias|Nias Barat|Nias Selatan|Nias Utara
Padang Lawas|Padang Lawas Utara|Pakpak Bharat|Samosir|Serdang Bedagai|Simalungun|Tapanuli Selatan|Tapanuli Tengah
Tapanuli Utara|Toba|Binjai|Gunungsitoli|Medan|Padangsidimpuan|Pematangsiantar|Pematang Siantar|Sibolga|Tanjungbalai
Tebing Tinggi|Balige|Kabanjahe|Kisaran|Rantauprapat|Stabat|Agam|Dharmasraya|Kepulauan Mentawai|Mentawai
Lima Puluh Kota|Limapuluh Kota|Padang Pariaman|Pasaman|Pasaman Barat|Pesisir Selatan|Sijunjung|Solok|Solok Selatan
Tanah Datar|Bukittinggi|Padang|Padang Panjang|Pariaman|Payakumbuh|Sawahlunto|Painan|Batusangkar|Bengkalis
Indragiri Hilir|Indragiri Hulu|Kampar|Kepulauan Meranti|Meranti|Kuantan Singingi|Pelalawan|Rokan Hilir|Rokan Hulu|Siak
Dumai|Pekanbaru|Bintan|Karimun|Kepulauan Anambas|Anambas|Lingga|Natuna|Batam|Tanjungpinang|Tanjung Pinang|Batanghari
Bungo|Kerinci|Merangin|Muaro Jambi|Sarolangun|Tanjung Jabung Barat|Tanjung Jabung Timur|Tebo|Jambi|Sungai Penuh
Banyuasin|Empat Lawang|Lahat|Muara Enim|Musi Banyuasin|Musi Rawas|Musi Rawas Utara|Ogan Ilir|Ogan Komering Ilir
Ogan Komering Ulu|OKU|OKI|OKU Timur|OKU Selatan|PALI|Penukal Abab Lematang Ilir|Lubuklinggau|Pagar Alam|Palembang
Prabumulih|Baturaja|Kayuagung|Sekayu|Bengkulu|Bengkulu Selatan|Bengkulu Tengah|Bengkulu Utara|Kaur|Kepahiang|Lebong
Mukomuko|Rejang Lebong|Seluma|Curup|Lampung Barat|Lampung Selatan|Lampung Tengah|Lampung Timur|Lampung Utara|Mesuji
Pesawaran|Pesisir Barat|Pringsewu|Tanggamus|Tulang Bawang|Tulang Bawang Barat|Way Kanan|Bandar Lampung|Bandarlampung
Metro|Kotabumi|Kota Agung|Kalianda|Bangka|Bangka Barat|Bangka Selatan|Bangka Tengah|Belitung|Belitung Timur
Pangkalpinang|Pangkal Pinang|Sungailiat|Muntok|Jakarta|Jakarta Barat|Jakarta Pusat|Jakarta Selatan|Jakarta Timur
Jakarta Utara|Kepulauan Seribu|Bandung|Bandung Barat|Bekasi|Bogor|Ciamis|Cianjur|Cirebon|Garut|Indramayu|Karawang
Kuningan|Majalengka|Pangandaran|Purwakarta|Subang|Sukabumi|Sumedang|Tasikmalaya|Banjar|Cimahi|Depok|Cikarang
Cibinong|Soreang|Palabuhanratu|Lembang|Banjarnegara|Banyumas|Batang|Blora|Boyolali|Brebes|Cilacap|Demak|Grobogan
Jepara|Karanganyar|Kebumen|Kendal|Klaten|Kudus|Magelang|Pati|Pekalongan|Pemalang|Purbalingga|Purworejo|Rembang
Semarang|Sragen|Sukoharjo|Tegal|Temanggung|Wonogiri|Wonosobo|Salatiga|Surakarta|Solo|Purwokerto|Ungaran|Slawi
Purwodadi|Mungkid|Cepu|Bantul|Gunungkidul|Gunung Kidul|Kulon Progo|Kulonprogo|Sleman|Yogyakarta|Jogja|Wonosari|Wates
Bangkalan|Banyuwangi|Blitar|Bojonegoro|Bondowoso|Gresik|Jember|Jombang|Kediri|Lamongan|Lumajang|Madiun|Magetan
Malang|Mojokerto|Nganjuk|Ngawi|Pacitan|Pamekasan|Pasuruan|Ponorogo|Probolinggo|Sampang|Sidoarjo|Situbondo|Sumenep
Trenggalek|Tuban|Tulungagung|Batu|Surabaya|Kepanjen|Caruban|Bangil|Kraksaan|Madura|Lebak|Pandeglang|Serang|Tangerang
Cilegon|Tangerang Selatan|Tangsel|Rangkasbitung|Badung|Bangli|Buleleng|Gianyar|Jembrana|Karangasem|Klungkung|Tabanan
Denpasar|Singaraja|Negara|Kuta|Ubud|Mangupura|Amlapura|Semarapura|Bima|Dompu|Lombok Barat|Lombok Tengah|Lombok Timur
Lombok Utara|Sumbawa|Sumbawa Barat|Mataram|Praya|Selong|Taliwang|Alor|Belu|Ende|Flores Timur|Kupang|Lembata|Malaka
Manggarai|Manggarai Barat|Manggarai Timur|Nagekeo|Ngada|Rote Ndao|Sabu Raijua|Sikka|Sumba Barat|Sumba Barat Daya
Sumba Tengah|Sumba Timur|Timor Tengah Selatan|Timor Tengah Utara|Atambua|Kefamenanu|Labuan Bajo|Larantuka|Lewoleba
Maumere|Ruteng|Soe|Waingapu|Bajawa|Mbay|Betun|Bengkayang|Kapuas Hulu|Kayong Utara|Ketapang|Kubu Raya|Landak|Melawi
Mempawah|Sambas|Sanggau|Sekadau|Sintang|Pontianak|Singkawang|Putussibau|Barito Selatan|Barito Timur|Barito Utara
Gunung Mas|Kapuas|Katingan|Kotawaringin Barat|Kotawaringin Timur|Lamandau|Murung Raya|Pulang Pisau|Seruyan|Sukamara
Palangka Raya|Palangkaraya|Sampit|Pangkalan Bun|Muara Teweh|Buntok|Kasongan|Balangan|Barito Kuala|Hulu Sungai Selatan
Hulu Sungai Tengah|Hulu Sungai Utara|Kotabaru|Tabalong|Tanah Bumbu|Tanah Laut|Tapin|Banjarbaru|Banjarmasin
Martapura|Barabai|Amuntai|Kandangan|Pelaihari|Rantau|Tanjung|Batulicin|Berau|Kutai Barat|Kutai Kartanegara|Kukar
Kutai Timur|Mahakam Ulu|Paser|Penajam Paser Utara|PPU|Penajam|Balikpapan|Bontang|Samarinda|Tenggarong|Sangatta
Tanjung Redeb|Tanah Grogot|Sendawar|Bulungan|Malinau|Nunukan|Tana Tidung|Tarakan|Tanjung Selor|Bolaang Mongondow
Bolaang Mongondow Selatan|Bolaang Mongondow Timur|Bolaang Mongondow Utara|Boltim|Bolmong|Kepulauan Sangihe|Sangihe
Kepulauan Siau Tagulandang Biaro|Sitaro|Kepulauan Talaud|Talaud|Minahasa|Minahasa Selatan|Minahasa Tenggara
Minahasa Utara|Bitung|Kotamobagu|Manado|Tomohon|Tondano|Amurang|Airmadidi|Banggai|Banggai Kepulauan|Banggai Laut|Buol
Donggala|Morowali|Morowali Utara|Parigi Moutong|Poso|Sigi|Tojo Una-Una|Tolitoli|Toli-Toli|Palu|Luwuk|Parigi|Ampana
Bantaeng|Barru|Bone|Bulukumba|Enrekang|Gowa|Jeneponto|Kepulauan Selayar|Selayar|Luwu|Luwu Timur|Luwu Utara|Maros
Pangkajene dan Kepulauan|Pangkep|Pinrang|Sidenreng Rappang|Sidrap|Sinjai|Soppeng|Takalar|Tana Toraja|Toraja Utara|Wajo
Makassar|Palopo|Parepare|Watampone|Sungguminasa|Masamba|Malili|Sengkang|Makale|Rantepao|Bombana|Buton|Buton Selatan
Buton Tengah|Buton Utara|Kolaka|Kolaka Timur|Kolaka Utara|Konawe|Konawe Kepulauan|Konawe Selatan|Konawe Utara|Muna
Muna Barat|Wakatobi|Baubau|Bau-Bau|Kendari|Unaaha|Raha|Boalemo|Bone Bolango|Gorontalo|Gorontalo Utara|Pohuwato
Limboto|Majene|Mamasa|Mamuju|Mamuju Tengah|Pasangkayu|Polewali Mandar|Polman|Polewali|Buru|Buru Selatan
Kepulauan Aru|Aru|Kepulauan Tanimbar|Tanimbar|Maluku Barat Daya|Maluku Tengah|Maluku Tenggara|Seram Bagian Barat
Seram Bagian Timur|Ambon|Tual|Masohi|Namlea|Saumlaki|Dobo|Langgur|Halmahera Barat|Halmahera Selatan|Halmahera Tengah
Halmahera Timur|Halmahera Utara|Kepulauan Sula|Sula|Pulau Morotai|Morotai|Pulau Taliabu|Taliabu|Ternate
Tidore Kepulauan|Tidore|Sofifi|Tobelo|Jailolo|Labuha|Sanana|Weda|Biak Numfor|Biak|Jayapura|Keerom|Kepulauan Yapen
Mamberamo Raya|Sarmi|Supiori|Waropen|Sentani|Serui|Asmat|Boven Digoel|Mappi|Merauke|Agats|Tanah Merah|Deiyai|Dogiyai
Intan Jaya|Mimika|Nabire|Paniai|Puncak|Puncak Jaya|Timika|Enarotali|Jayawijaya|Lanny Jaya|Mamberamo Tengah|Nduga
Pegunungan Bintang|Tolikara|Yahukimo|Yalimo|Wamena|Dekai|Oksibil|Fakfak|Kaimana|Manokwari|Manokwari Selatan
Pegunungan Arfak|Teluk Bintuni|Bintuni|Teluk Wondama|Maybrat|Raja Ampat|Sorong|Sorong Selatan|Tambrauw
"""
_PROVINCES = """
Aceh|Sumatera Utara|Sumut|Sumatera Barat|Sumbar|Riau|Kepulauan Riau|Kepri|Jambi|Sumatera Selatan|Sumsel|Bengkulu
Lampung|Kepulauan Bangka Belitung|Bangka Belitung|Babel|DKI Jakarta|DKI|Jawa Barat|Jabar|Jawa Tengah|Jateng
DI Yogyakarta|Daerah Istimewa Yogyakarta|DIY|Jawa Timur|Jatim|Banten|Bali|Nusa Tenggara Barat|NTB|Nusa Tenggara Timur
NTT|Kalimantan Barat|Kalbar|Kalimantan Tengah|Kalteng|Kalimantan Selatan|Kalsel|Kalimantan Timur|Kaltim
Kalimantan Utara|Kaltara|Sulawesi Utara|Sulut|Sulawesi Tengah|Sulteng|Sulawesi Selatan|Sulsel|Sulawesi Tenggara
Sultra|Gorontalo|Sulawesi Barat|Sulbar|Maluku|Maluku Utara|Malut|Papua|Papua Barat|Papua Selatan|Papua Tengah
Papua Pegunungan|Papua Barat Daya|Indonesia
"""

# Where Indonesian newsrooms date stories from most often outside of Indonesia, as they spell it.
_ABROAD = """
Abu Dhabi|Addis Ababa|Ankara|Athena|Baghdad|Baku|Bangkok|Barcelona|Beijing|Beirut|Berlin|Birmingham|Brasilia|Brussel
Brussels|Bucharest|Budapest|Buenos Aires|Canberra|Damaskus|Darwin|Davos|Den Haag|Dhaka|Dili|Doha|Dubai|Dublin
Frankfurt|Gaza|Hanoi|Hiroshima|Hong Kong|Houston|Islamabad|Istanbul|Jeddah|Jenewa|Johannesburg|Johor Bahru|Kabul|Kairo
Karachi|Kathmandu|Kiev|Kolombo|Kopenhagen|Kota Kinabalu|Kuala Lumpur|Kuching|Kyiv|Lisbon|Liverpool|London|Los Angeles
Madinah|Madrid|Makkah|Manama|Manchester|Manila|Mekah|Mekkah|Melbourne|Mexico City|Miami|Milan|Minneapolis|Moskow|Mumbai
Muskat|Nairobi|Naypyidaw|New Delhi|New York|Osaka|Oslo|Ottawa|Paris|Penang|Perth|Phnom Penh|Port Moresby|Praha|Pyongyang
Ramallah|Rio de Janeiro|Riyadh|Roma|San Francisco|Seoul|Shanghai|Singapura|Stockholm|Sydney|Taipei|Teheran|Tel Aviv
Tokyo|Tripoli|Tunis|Turin|Vatikan|Vientiane|Warsawa|Washington|Washington DC|Wellington|Wina|Wuhan|Yangon|Yerusalem
Zurich|Afghanistan|Amerika Serikat|Arab Saudi|Argentina|Australia|Belanda|Brasil|China|Filipina|India|Inggris|Iran|Irak
Israel|Italia|Jepang|Jerman|Kamboja|Korea Selatan|Korea Utara|Malaysia|Mesir|Myanmar|Pakistan|Palestina|Prancis|Qatar
Rusia|Selandia Baru|Spanyol|Suriah|Swiss|Taiwan|Thailand|Timor Leste|Tiongkok|Turki|Ukraina|Vietnam|Yaman|Yunani
"""


def _names(block: str) -> dict[str, str]:
    return {name.lower(): name for line in block.split("\n") for name in line.split("|") if name}


PLACES = _names(_REGENCIES_AND_CITIES)  # lower case -> as it is written
PROVINCES = _names(_PROVINCES)
ABROAD = _names(_ABROAD)

# A portal's name in a dateline: an address, a digit, a capital inside a word, or one of the trade's words.
_ADDRESS = re.compile(
    r"[A-Za-z0-9]\s?\.{1,2}\s?(?:com|co|id|net|org|or|info|news|tv|my|web|biz|xyz|online|site)(?![a-z])", re.I
)
_CAPITAL_INSIDE = re.compile(r"[a-z][A-Z]|[0-9]")
_TRADE = re.compile(
    r"news|tribun|voice|media|kabar|warta|berita|liputan|radar|jurnal|portal|online|network|posmetro|koran|harian"
    r"|tabloid|rakyat|katadata|klikpositif|bhirawa|redaksi|humas|reporter|channel|buser|metropolis"
    r"|\b(?:pos|post|times|time|today|info|zona|suara|metro|lintas|pena|detik|tv|antara|kompas|tempo|sindo|republika"
    r"|merdeka|jpnn|rri|rmol|jubi|gatra|viva|bisnis|fajar|waspada|serambi|surya|kwri|kbrn?|pwi|ant|afp|reuters|xinhua)\b",
    re.I,
)


def is_brand(words: str) -> bool:
    """Tell whether the words are what a portal calls itself."""
    if words.lower() in PLACES:  # Metro is a city
        return False
    return bool(_ADDRESS.search(words) or _CAPITAL_INSIDE.search(words) or _TRADE.search(words))
