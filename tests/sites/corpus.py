"""The demo portal's articles: invented events of East Java in our own words (articles/*.txt), and the user's example.

A file holds one section. `=== place | tags` opens an event, `---` its next article; then come the title and the
paragraphs, a line each. Lines that begin with a mark are other blocks or facts; see _MARKS and _FACTS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.sites.blocks import Block, Bullets, Figure, Heading, Lines, Quote, ReadAlso, Table, text_of

FOLDER = Path(__file__).resolve().parent
SEED_SLUG = "gelar-rakernis-bidhumas-polda-jatim-siap-kawal-pilkada-2024"
SECTIONS = {  # name -> colour
    "KWRI": "#b80000",
    "Hukum": "#1a237e",
    "Pemerintahan": "#00695c",
    "Pendidikan": "#4527a0",
    "Olahraga": "#2e7d32",
    "Ekonomi": "#ef6c00",
    "Peristiwa": "#5d4037",
    "Budaya": "#ad1457",
}
AUTHORS = (
    "Rahmat Wijanarko",
    "Siti Nurfadilah",
    "Bagas Prayitno",
    "Dewi Kartikasari",
    "M. Yusuf Al Amin",
    "Lilik Handayani",
    "Tim Redaksi KWRI Jatim",
)
_FIRST_DAY = datetime(2024, 1, 2)
_WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_SIGN_OFFS = ("", "(*)", "", "(hms/red)", "", "", "(red)")
_EVENT_DAY = re.compile(r"\{H([+-]\d+)?\}")


@dataclass(frozen=True)
class Item:
    """One entry of a gallery or of a sorted list."""

    title: str
    text: str
    image: str


@dataclass(frozen=True)
class DemoArticle:
    """An article as its editor filled it in."""

    slug: str
    title: str
    author: str
    section: str
    created_at: datetime  # naive, the portal's local time
    paragraphs: tuple[Block, ...]
    updated_at: datetime | None = None  # naive, local; null when it was never edited
    summary: str = ""
    tags: tuple[str, ...] = ()
    image: str = ""
    caption: str = ""
    post_type: str = "article"  # article, gallery, sorted_list, video
    items: tuple[Item, ...] = ()
    source_url: str = ""  # of a post imported from a foreign feed

    @property
    def person(self) -> str | None:
        """Return its author where that is a person; None for a newsroom."""
        return None if self.author.startswith("Tim Redaksi") else self.author

    @property
    def expected(self) -> tuple[str, ...]:
        """Return what a right reader makes of the article: pages ?p=2, ... joined, without a desk's sign at its end."""
        texts = [text for block in self.paragraphs for text in text_of(block)]
        numbered = self.post_type == "sorted_list"
        for number, item in enumerate(self.items, 1):
            texts += [f"{number}. {item.title}" if numbered else item.title, item.text]
        return tuple(texts[:-1] if texts[-1] in _SIGN_OFFS else texts)


def slug_of(text: str) -> str:
    """Make a slug as CodeIgniter's url_title() does: what is not ASCII goes, blanks become hyphens."""
    plain = re.sub(r"[^a-z0-9 _-]", "", text.lower())
    return re.sub(r"[\s-]+", "-", plain).strip("-")


@dataclass
class _Draft:
    """One article while its lines are read."""

    event: int  # counted over all files
    part: int  # within the event
    place: str
    tags: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)


def _drafts(text: str, first_event: int) -> Iterator[_Draft]:
    draft: _Draft | None = None
    event = first_event - 1
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("==="):
            place, _, tags = line.strip("= ").partition("|")
            event += 1
            part, names = 0, tuple(tag.strip() for tag in tags.split(";") if tag.strip())
        elif line.startswith("---"):
            assert draft is not None
            part, place, names = draft.part + 1, draft.place, draft.tags
        else:
            assert draft is not None, line
            if line.startswith("@"):
                name, _, value = line[1:].partition(":")
                if name == "item":
                    title, _, body = value.partition("|")
                    draft.items.append(Item(title.strip(), body.strip(), f"{slug_of(title)}.jpg"))
                else:
                    draft.facts[name] = value.strip()
            else:
                draft.lines.append(line)
            continue
        if draft is not None:
            yield draft
        draft = _Draft(event, part, place.strip(), names)
    if draft is not None:
        yield draft


def _blocks(lines: list[str], day: datetime) -> Iterator[Block]:
    """Turn lines into blocks; neighbours of one mark are one block."""
    run: list[str] = []
    mark = ""
    for line in [*lines, ""]:
        found = re.match(r"(##|//|-|\d+\.|\||>|~|!)\s+", line)
        kind = found[1] if found else ""
        kind = "1." if kind[:1].isdigit() else kind
        if run and (kind != mark or kind in ("##", ">", "~", "!")):
            yield _block(mark, run)
            run = []
        text = _EVENT_DAY.sub(lambda h: event_day(day, int(h[1] or 0)), line[found.end() :] if found else line)
        if kind:
            run.append(text)
        elif text:
            yield text
        mark = kind


def _block(mark: str, run: list[str]) -> Block:
    match mark:
        case "##":
            return Heading(run[0])
        case "//":
            return Lines(tuple(run))
        case "|":
            return Table(tuple(tuple(cell.strip() for cell in row.strip("| ").split("|")) for row in run))
        case ">":
            return Quote(run[0])
        case "~":
            return ReadAlso(run[0], slug_of(run[0]))
        case "!":
            return Figure(f"uploads/images/{slug_of(run[0])[:40]}.jpg", run[0])
        case _:
            return Bullets(tuple(run), ordered=mark == "1.")


def event_day(day: datetime, offset: int = 0) -> str:
    """Write a day as reports do: Rabu (26/6)."""
    day += timedelta(days=offset)
    return f"{_WEEKDAYS[day.weekday()]} ({day.day}/{day.month})"


def _article(draft: _Draft, section: str) -> DemoArticle:
    number = draft.event * 3 + draft.part
    day = _FIRST_DAY + timedelta(days=draft.event * 53 % 43 * 4 + draft.part * 2)  # sections take turns
    created = day + timedelta(hours=6 + number * 5 % 15, minutes=number * 17 % 60)  # whole, as the page prints it
    title, *lines = draft.lines
    blocks = list(_blocks(lines, created))
    place = draft.place
    dateline = (f"{place.upper()} – ", f"{place.upper()} – ", f"{place} – ", f"{place.upper()}, KWRI – ", "")[
        number % 5
    ]
    if isinstance(blocks[0], str) and not draft.items:
        blocks[0] = dateline + blocks[0]
    if sign_off := _SIGN_OFFS[number % len(_SIGN_OFFS)]:
        last = blocks[-1]
        if isinstance(last, str) and number % 2:
            blocks[-1] = f"{last} {sign_off}"
        else:
            blocks.append(sign_off)
    facts = draft.facts
    edited = timedelta(minutes=int(facts["updated"])) if "updated" in facts else None
    return DemoArticle(
        slug=slug_of(title)[:190],
        title=title,
        author=AUTHORS[draft.event % len(AUTHORS)],
        section=section,
        created_at=created,
        paragraphs=tuple(blocks),
        updated_at=created + edited if edited else None,
        summary=facts.get("summary", ""),
        tags=draft.tags,
        image=slug_of(title)[:60],
        caption=facts.get("caption", f"Foto: Dokumentasi {place}" if number % 3 else ""),
        post_type=facts.get("type", "article"),
        items=tuple(draft.items),
        source_url=facts.get("source", ""),
    )


def seed_article() -> DemoArticle:
    """Return the article that the user pasted: a paragraph is what blank lines set apart."""
    text = (FOLDER / "seed_article.txt").read_text(encoding="utf-8")
    section, title, byline, printed, *paragraphs = (
        " ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()
    )
    return DemoArticle(
        slug=SEED_SLUG,
        title=title,
        author=byline.partition(" - ")[0],
        section=section,
        created_at=datetime.strptime(printed, "%b %d, %Y - %H:%M"),
        paragraphs=tuple(paragraphs),
        tags=("Polda Jatim", "Bidhumas", "Pilkada 2024"),
        image="rakernis-bidhumas",
        caption="Rakernis Bidhumas Polda Jatim",
    )


def _read() -> tuple[DemoArticle, ...]:
    found = [seed_article()]
    event = 0
    for section in SECTIONS:
        path = FOLDER / "articles" / f"{section.lower()}.txt"
        for draft in _drafts(path.read_text(encoding="utf-8"), event):
            found.append(_article(draft, section))
            event = draft.event + 1
    return tuple(sorted(found, key=lambda article: article.created_at))


ARTICLES: tuple[DemoArticle, ...] = _read()  # oldest first, as their ids are
