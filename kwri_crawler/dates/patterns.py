"""Where a clean text prints a date, a clock beside it, a label before it: patterns alone, seen on many portals.

Each is anchored on digits or words, so that labels before a date and text after it do not count.
"""

from __future__ import annotations

import re

from kwri_crawler.dates.words import (
    CLOCK,
    DAY,
    MONTH,
    NOT_CUT,
    PART_OF_DAY,
    PASARAN,
    RANGE_SIGN,
    WEEKDAY,
    YEAR,
    ZONE,
)

DATE = re.compile(
    rf"(?P<ymd>(?<![0-9])(?P<y1>{YEAR})(?P<p1>[-/.])(?P<m1>1[0-2]|0?[1-9])(?P=p1)(?P<d1>{DAY}))"
    rf"|(?P<ynd>(?<![0-9])(?P<y2>{YEAR})[\s/-]{{1,3}}(?P<n2>{MONTH})[\s/-]{{1,3}}(?P<d2>{DAY}))"
    rf"|(?P<dny>(?<![0-9])(?<![0-9][./]){NOT_CUT}(?P<d3>{DAY})(?:st|nd|rd|th)?(?:of|bulan|[\s.,/-]){{0,4}}(?P<n3>{MONTH})"
    rf"(?:tahun|[\s.,/-]){{0,4}}(?P<y3>{YEAR}|'[0-9]{{2}}(?![0-9])|(?<=-)[0-9]{{2}}(?![0-9:.])"
    r"|(?<=\s)[0-9]{2}(?=\s*(?:$|[,|-]?\s*[0-9]{1,2}[:.][0-9]{2}(?![0-9])))))"
    rf"|(?P<ndy>(?<![a-z])(?P<n4>{MONTH})[\s.,/-]{{1,3}}(?P<d4>{DAY})(?:st|nd|rd|th)?[\s.,/-]{{1,3}}(?P<y4>{YEAR}))"
    rf"|(?P<dmy>(?<![0-9/])(?<![0-9][.:-]){NOT_CUT}(?P<d5>{DAY})\s?(?P<p5>[/.-])(?P=p5)?\s?(?P<m5>{DAY})\s?(?P=p5){{1,2}}\s?"
    rf"(?P<y5>{YEAR}|[0-9]{{2}}(?![0-9a-z]))"
    r"(?![/-](?![0-2]?[0-9]:[0-5][0-9](?![0-9]))[0-9]|\.[0-9]+[./]|\.[0-9]+(?![0-9:])))"  # but "20/8/2025-10:15"
    # "Thu Jun 27 14:10:00 WIB 2024": ctime
    rf"|(?P<ctime>(?<![a-z])(?P<n6>{MONTH}) +(?P<d6>{DAY}) (?P<c6>[0-9:]{{5,8}})(?P<z6> [a-z]{{3,4}})? (?P<y6>{YEAR}))"
)
MISSPELT = re.compile(
    rf"(?<![0-9])(?<![0-9][./]){NOT_CUT}(?P<d3>{DAY})[\s.,/-]{{1,3}}(?P<n3>[a-z]{{6,12}})[\s.,/-]{{1,3}}(?P<y3>{YEAR})"
)
ABROAD = re.compile(
    rf"(?<![0-9])(?<![0-9][./]){NOT_CUT}(?P<d3>{DAY})\.?(?: de)? (?P<n3>[a-z]{{4,12}}|ma[ij])\.?,?(?: de)?"
    rf" (?P<y3>{YEAR})"
)
_HIJRI = r"(?:(?<![0-9])[0-9]{1,2} [a-z' -]{4,18} 1[34][0-9]{2}(?: ?h)?(?![a-z0-9]))"
_TEXT_AROUND = (
    rf"(?:[\s,;:|@~/()\[\]>_-]|\.(?=\s?(?:pukul|pkl)(?![a-z]))|(?<![a-z])[lm](?![a-z])|{WEEKDAY}|{PASARAN}"
    rf"|{PART_OF_DAY}|{_HIJRI})"
)
_LABEL_OF_CLOCK = (
    r"(?:(?:pukul|pkl|pk|jam|at|on|um|waktu|time|(?<![a-z])(?:as?(?: las)?|alle(?: ore)?|ore|klo?|luc))(?![a-z])"
    r"\s*[.:]?\s*)"
)
_AROUND_IN_SENTENCE = (
    r"(?:(?:lalu|kemarin|besok|nanti|tadi|ini|sekitar|sekira|kira-kira|pada|hari|sejak|mulai|dari)(?![a-z]))"
)
BASIC = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})[t ]([0-9]{2})([0-9]{2})([0-9]{2})?(z|[+-][0-9]{2}:?[0-9]{2})?")
# What machines mostly print; of it there is one reading, so that no other pattern need be asked.
MACHINE = re.compile(
    r"((?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))[t ]((?:2[0-3]|[01][0-9]):[0-5][0-9]:[0-5][0-9])"
    r"(?:(?P<zone>z)|(?P<offset>[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]))?"
)
EPOCH_FRACTION = re.compile(r"([0-9]{10})\.[0-9]{1,9}")
ISO_CLOCK = re.compile(
    r"(?P<gap>\s?(?:t|(?P<between>wib|wita|wit))?\s?)(?P<h>2[0-3]|[01][0-9])(?P<sign>[:.-])(?P<min>[0-5][0-9])"
    r"(?:(?P=sign)(?P<s>[0-6][0-9])(?:[.,](?P<fraction>[0-9]+))?)?(?![0-9])"
    r"(?: (?P<lost>(?:0[0-9]|1[0-4]):[0-5][0-9])(?![0-9:])"
    r"|\s?(?:(?P<offset>[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)(?![0-9])"
    r"|(?:utc|gmt)\s?(?P<gmt>[+-][0-9]{1,2}(?::?[0-9]{2})?)|(?P<zone>z|utc|gmt|wib|wita|wit)(?![a-z])))?"
    r"(?P<odd>\s?[+-][0-9]{2}:?[0-9]{2}(?![0-9]))?"
)
# A clock that is not the portal's: nothing tells its zone.
_ELSEWHERE = (
    "waktu (?:setempat|lokal|makkah|mekah|mekkah|madinah|arab|london|inggris|eropa|as|amerika|new york|washington"
    "|jepang|tokyo|korea|malaysia|singapura|thailand|china|tiongkok|australia|sydney|rusia|moskow|qatar|iran|israel|turki"
    "|beijing|hong kong|dubai|uea|kairo|mesir|paris|prancis|berlin|jerman|roma|italia|madrid|spanyol|brasil"
    "|filipina|manila|vietnam|india|pakistan|brunei|ankara|istanbul|kyiv|kiev|ukraina|gaza|palestina|teheran|doha|seoul)(?![a-z])"
    r"|ist(?=\s*(?:[)|,]|$))"  # of India, Ireland or Israel
)
CLOCK_AFTER = re.compile(
    rf"(?P<around>(?:{_TEXT_AROUND}|{_AROUND_IN_SENTENCE})*)(?P<label>{_LABEL_OF_CLOCK})?{CLOCK}"
    rf"(?:\s*{RANGE_SIGN}\s*{_LABEL_OF_CLOCK}?[0-2]?[0-9][:.][0-5][0-9](?![0-9]))?(?:\s*\(?(?P<early>{PART_OF_DAY})\)?)?(?P<zoned>{ZONE})?"
    rf"(?:\s*(?P<part>{PART_OF_DAY}))?"
    rf"(?P<elsewhere>\s*\(?{_ELSEWHERE})?"
)
BROKEN_CLOCK = re.compile(rf"{_TEXT_AROUND}*{_LABEL_OF_CLOCK}?[0-9]{{1,2}}:[0-9]{{2}}(?![0-9])")
CLOCK_BEFORE = re.compile(
    rf"(?<![0-9:.])(?P<label>{_LABEL_OF_CLOCK})?{CLOCK}(?P<zoned>{ZONE})?"
    rf"(?:\s*{RANGE_SIGN}\s*{_LABEL_OF_CLOCK}?[0-2]?[0-9][:.][0-5][0-9](?![0-9])(?:\s*wi(?:b|ta|t)(?![a-z]))?)?"
    rf"(?P<elsewhere>\s*\(?{_ELSEWHERE}\)?)?"
    rf"(?P<around>(?:{_TEXT_AROUND}|{_AROUND_IN_SENTENCE}|(?:tanggal|tgl|on)(?![a-z])\.?)*)$"
)
WEEKDAY_BEFORE = re.compile(
    rf"({WEEKDAY})(?:[\s,(\[{{./|-]|{PASARAN}|{PART_OF_DAY}"
    r"|(?:lalu|kemarin|besok|ini|tanggal|tgl|pekan|minggu(?= lalu))(?![a-z]))*$"
)
PARTS_OF_DAY = re.compile(PART_OF_DAY)
WEEKDAY_AFTER = re.compile(rf"[\s,(\[]{{1,3}}({WEEKDAY})")
LABEL = re.compile(
    r"(?P<update>(?:di)?perba(?:ha)?ru\w*|di-?update\w*|updated|last (?:up ?date\w*|modified|edit\w*)"
    r"|terakhir (?:di\w+|update\w*)|pemba(?:ha)?ruan|(?:pe|di)mutakhir\w{2,4}|modified|di-?edit|diubah|(?:di)?revisi"
    r"|update (?:terakhir|pada)|update ?[:|-]|update(?=\W*$))"
    r"|(?P<other>diterbitkan|dipublikasikan|terbit|tayang|publish\w*|posted|diposting|dibuat|ditulis|dimuat|created|rilis)"
)
NUMBER_OF_A_PAPER = re.compile(
    r"(?<![a-z])(?:nomor|nomer|no|pasal|ayat|versi|ip|telp?|telepon|hp|wa|fax|rp|idr|usd)[\s.:]*$|\(0[0-9]{1,3}\)\s*$"
)
RANGE_BEFORE = re.compile(
    rf"(?:(?<![0-9:.]){DAY}(?:\s*/\s*[0-9]{{1,2}}|\s*{MONTH})?\s*(?:{RANGE_SIGN}|&|dan(?![a-z]))"
    rf"|(?<![a-z])(?:s\.?/d\.?|sampai(?: dengan)?|hingga|until))\s*(?:{WEEKDAY},?\s*)?(?:tanggal |tgl\.? )?$"
)
RANGE_AFTER = re.compile(rf"\s*{RANGE_SIGN}\s*(?:{WEEKDAY},?\s*)?$")
