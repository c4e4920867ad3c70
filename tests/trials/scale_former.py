"""What f4db461 took, for `make trial-scale` to print beside today's figures: our own, of 28 November 2026, in CPU-ms.

On archives of the same make (three years of 200 portals, two crawls a day), on a machine shared with other work: 1.3 to
2 times what it would have been alone. Views were asked for 10 rows where today's are asked for 20; commands count their
start. None where it was not measured.
"""

_SIZES = (10_000, 100_000, 1_000_000)
_ROWS: dict[str, tuple[float | None, float | None, float | None]] = {
    "around a crawl: begin_crawl": (5.6, 5.1, 6.2),
    "around a crawl: schedule": (0.76, 3.0, 31.4),
    "around a crawl: end_crawl": (1.1, 5.4, 86),
    "around a crawl: plan_next": (0.4, 0.4, 0.5),
    "around a crawl: all": (9, None, 125),
    "article: stages": (0.84, 0.77, 0.84),
    "article: store": (1.56, 2.26, 3.02),
    "plan of a harvest": (923, 901, 936),
    "latest_articles LIMIT 20": (24.8, 289, 4247),
    "latest_articles whole": (28.3, 271, 3721),
    "articles_by_day LIMIT 20": (23.4, 358, 3980),
    "articles_by_day of one portal": (1.4, 6.6, 20.0),
    "articles_by_day whole": (29.1, 408, 4583),
    "portal_overview of one portal": (1.2, 4.8, 16.8),
    "portal_overview whole": (51.3, 249, 5066),
    "undated_articles LIMIT 20": (0.7, 0.7, 0.8),
    "undated_articles whole": (0.9, 2.8, 15.5),
    "dates_to_check LIMIT 20": (18.3, 198, 449),
    "dates_to_check of one portal": (18.3, 191, 390),
    "date_agreement LIMIT 20": (0.8, 0.7, 0.8),
    "date_agreement of one portal": (26.1, 262, 3155),
    "date_agreement whole": (29.1, 307, 3577),
    "portal_clocks of one portal": (27.7, 551, 3199),
    "portal_clocks whole": (44.5, 803, 6774),
    "same_text LIMIT 20": (3.1, 34.6, 221),
    "same_text of one portal": (4.9, 28.7, 237),
    "portal_health whole": (1.4, 1.1, 1.3),
    "largest_stories LIMIT 20": (2.0, 16.8, 93.1),
    "fastest_stories LIMIT 20": (4.1, 76.7, 506),
    "story_articles LIMIT 20": (6.4, 145, 1035),
    "story_articles of one portal": (6.5, 99.1, 1271),
    "portal_shares of one portal": (1.2, 7.6, 21.3),
    "portal_shares whole": (27.8, 435, 4748),
    "who_copies_whom LIMIT 20": (3.9, 76.2, 625),
    "who_copies_whom of one portal": (3.6, 72.6, 542),
    "institution_reach whole": (15.3, 142, 1698),
    "evidence LIMIT 20": (0.9, 1.1, 1.2),
    "links LIMIT 20": (0.8, 1.0, 0.8),
    "lost_urls LIMIT 20": (0.8, 1.2, 3.1),
    "lost_urls of one portal": (0.8, 1.0, 0.8),
    "stories N": (None, None, 983),
    "search, a word in 30%: last archived": (1.0, 0.8, 1.0),
    "search, a word in 30%: last published": (6.6, 62.2, 616),
    "search, a word in 30%: ranked": (3.9, 36.3, 534),
    "search, a word in 2%: last published": (2.6, 9.6, 49.0),
    "search, a word in 2%: ranked": (2.0, 4.2, 27.3),
    "report --month": (2400, 5100, 35_900),
    "report --month, MB": (None, None, 128),
    "doctor": (3800, 2900, 29_300),
    "bytes an article": (None, None, 7_900),
}
FORMER = {
    name: {size: value for size, value in zip(_SIZES, row, strict=True) if value is not None}
    for name, row in _ROWS.items()
}
