"""Who wrote it, by the elements of a page that name a writer in their class or link; no card's, no portrait's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from selectolax.lexbor import LexborNode

from kwri_crawler.pages.authors import author_of, is_name
from kwri_crawler.pages.cards import is_of_card, is_own
from kwri_crawler.pages.date_forms import PRINTED_DATE
from kwri_crawler.pages.places import elements_around, is_of_article, names_of
from kwri_crawler.pages.source import Source, pieces_of, text_of
from kwri_crawler.pages.text import fold

# What holds a name and nothing else.
_NAMED = (
    "[rel~=author], [itemprop=author], [class*='author-name' i], [class*='author_name' i], [class*='authorname' i],"
    " [class*='author__name' i], [class*='byline-name' i], [class*='byline__name' i], .byline a, .author a,"
    " a[href*='/author/'], a[href*='/authors/'], a[href*='/penulis/'], a[href*='/profile/'], a[href*='/profil/'],"
    " a[href*='/profiles/'],"
    " a[href*='/producers/'], a[href*='_author=']"
)
# What may hold a portrait, a job and a date beside the name.
_AROUND = (
    "[class*=byline i], [class*=by-line i], [class*=author i], [class*=penulis i], [class*=person-link i], address,"
    " [class*=reporter i], [class*=wartawan i], [class*=jurnalis i], [class*=pewarta i], [class*=posted-by i]"
)
# A sign that stands before a name.
_SIGN = "[class*='fa-user'], [class*='icon-user'], [class*='bi-person'], [class*='fa-pen']"
_IS_AUTHOR = re.compile(r"(?:^|[\s_-])(?:authors?|byline|penulis)(?=$|\s)", re.IGNORECASE)
_NO_BYLINE = re.compile(
    r"quote|testimonial|photo|foto|image|img|gambar|avatar|caption|comment|review|related|author-?_?(?:bio|desc|role|job)"
    r"|authority|date|position|credit",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:(?:article|words|written|posted|ditulis|tulisan)\s)?(?:by|oleh|von|por|par)|penulis|reporter|pewarta|wartawan"
    r"|jurnalis|kontributor|laporan|authors?|autor(?:en)?|about the author|author\(s\)|teks?|words)\s?[:\-–]?",
    re.IGNORECASE,
)
_OTHER_ROLE = re.compile(
    r"(?:editor|redaktur|penyunting|foto(?:grafer)?|photos?|reviewed|fact|medically|edited|expert)\b", re.IGNORECASE
)
_OTHER_ROLE_BEFORE = re.compile(
    r"\b(?:editor|redaktur|penyunting|(?:edited|reviewed|photos?|foto(?:grafer)?)(?:\s(?:by|oleh))?)\s?:?\s?$",
    re.IGNORECASE,
)
_OF_A_PICTURE = re.compile(r"(?:^|[\s_-])(?:photo|foto|gambar|image|img|caption|figure)(?=$|[\s_-])", re.IGNORECASE)
_AND = re.compile(r"[,;/&|]|and|dan|und|y|et", re.IGNORECASE)
_BESIDE = re.compile(r"\s*(?:[,;/&]|\b(?:and|dan|und|y|et)\b)\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"[\d*†‡§\s]+")
_JOINT = re.compile(r"\s(?:and|dan|und|&|y)\s")
_LISTED = re.compile(r"\s?,\s(?:and\s|dan\s|und\s)?|\s(?:and|dan|und|&)\s")
# What tells about the author at an article's end or side.
_BOX = (
    "[class*='author-bio' i], [class*='author_bio' i], [class*='author-box' i], [class*='authorbox' i],"
    " [class*='about-author' i], [class*='author-info' i]"
)
_LABEL_BEFORE = re.compile(rf"^{_LABEL.pattern}\s{{1,3}}", re.IGNORECASE)
_REVIEWED = re.compile(r"\b(?:reviewed|edited|fact.?checked|expert)\b", re.IGNORECASE)
_MOST = 20  # elements of one selector
_MOST_HEADINGS = 60
_MOST_PIECES = 40  # of text in one element
_LONGEST = 200  # characters of an element that only names people
_LEVELS = 3  # elements around a name that may name a second writer


def shown_author(source: Source, sites: tuple[str, ...]) -> str | None:
    """Return the authors whom an element in the article's own part names; None when none does."""
    cards: set[str] = set()
    for selector in (_NAMED, _AROUND):
        for node in source.tree.css(selector)[:_MOST]:
            its_class = node.attributes.get("class") or ""
            if (
                _NO_BYLINE.search(its_class)
                or not is_own(source, node)
                or _is_in_menu(node)
                or _is_another_role_s(node)
            ):
                continue
            is_sure = selector is _NAMED or _IS_AUTHOR.search(its_class) is not None
            names = _names(_pieces(node), sites, least=1 if is_sure else 2)
            if not names or not (selector is _NAMED or names[0][0].isupper()):
                continue
            if "card" not in its_class.lower():
                return ", ".join(dict.fromkeys(_with_others(node, names, sites)))
            cards.add(names[0])
    if len(cards) == 1:
        return cards.pop()
    for node in source.tree.css(_SIGN)[:_MOST]:
        if node.parent is not None and is_of_article(node) and (names := _names(_pieces(node.parent), sites, least=2)):
            return names[0]
    return None


def noted_author(source: Source, sites: tuple[str, ...], paragraphs: Sequence[str]) -> str | None:
    """Return the author whom a page names apart from any byline, where it names one alone; None for several.

    In a box about the author, in the article's side column, above a biography that is no part of the text.
    """
    text = set(paragraphs)
    for find in (_in_boxes, lambda page: _above_biographies(page, text)):
        found = dict.fromkeys(name for said in find(source) if (name := author_of(said, sites)) and is_name(name))
        if len(found) == 1 and not _LABEL.fullmatch(name := next(iter(found))):
            return name
    return None


def _in_boxes(source: Source) -> Iterator[str]:
    for node in source.tree.css(_BOX)[:_MOST]:
        if is_of_article(node, aside=True) and not _REVIEWED.search(text_of(node)[:_LONGEST]):
            yield from (text_of(heading) for heading in node.css("h2, h3, h4, h5, h6, strong, a")[:3])
    for node in source.tree.css(f"{_NAMED}, [class*=author i]")[:_MOST]:
        said = text_of(node)[:_LONGEST]
        around = text_of(node.parent)[:_LONGEST] if node.parent is not None else said
        if _NO_BYLINE.search(node.attributes.get("class") or "") or _REVIEWED.search(around):
            continue
        is_other = _is_another_role_s(node) or is_of_card(source, node) or _is_in_menu(node)
        if is_of_article(node, aside=True) and not is_other:
            yield _LABEL_BEFORE.sub("", said)


def _above_biographies(source: Source, text: Collection[str]) -> Iterator[str]:
    """Yield the headings below which a paragraph that is no part of the text begins with the same name."""
    for node in source.tree.css("h2, h3, h4, h5, h6, strong")[:_MOST_HEADINGS]:
        name = _LABEL_BEFORE.sub("", text_of(node)[:_LONGEST])
        if not is_name(name):
            continue
        below = node.next
        while below is not None and below.tag == "-text":
            below = below.next
        said = text_of(below)
        if said not in text and said.startswith(f"{name} ") and is_of_article(node):
            yield name


def _is_in_menu(node: LexborNode) -> bool:
    """Say whether a link stands in a list that calls itself a menu: it leads to people, and to what they may open."""
    lists = (around for around in elements_around(node, _LEVELS) if around.tag in ("li", "ul"))
    return any("menu" in names_of(around).lower() for around in lists)


def _is_another_role_s(node: LexborNode) -> bool:
    """Say whether a name is a picture's, or stands behind "Editor :"."""
    around = node.parent
    if around is None or around.tag == "body":
        return False
    if around.tag in ("figure", "figcaption", "blockquote") or _OF_A_PICTURE.search(
        around.attributes.get("class") or ""
    ):
        return True
    said = text_of(node)
    before = text_of(around)[: 2 * _LONGEST].partition(said)[0] if said else ""
    return _OTHER_ROLE_BEFORE.search(before) is not None


def as_shown(named: str | None, shown: str | None) -> str | None:
    """Return the name of a byline's line, less what stands behind the name that an element holds alone."""
    if not (named and shown):
        return named
    is_more = named.startswith(f"{shown} ") or (
        named.startswith(f"{shown}, ") and not is_name(named.removeprefix(f"{shown}, "))
    )
    return shown if is_more else named


def _with_others(node: LexborNode, names: list[str], sites: tuple[str, ...]) -> list[str]:
    """Return the names of a byline of which a node holds the first: "<a>X</a> und <a>Y</a>"."""
    for around in elements_around(node, _LEVELS):
        if around.tag in ("body", "article", "main") or len(text_of(around)) > _LONGEST:
            break
        found = _names(_pieces(around), sites, least=2)
        if found[: len(names)] == names:
            names = found
    return names


def _pieces(node: LexborNode) -> list[str]:
    """Return the pieces of text in an element, each as its own markup parts it; none of an element that holds more."""
    parts = pieces_of(node)
    if sum(map(len, parts)) > 20 * _LONGEST:
        return []
    pieces = [piece for part in parts for raw in part.split("\n") if (piece := fold(raw))]
    return pieces[:_MOST_PIECES] if sum(map(len, pieces)) <= _LONGEST else []


def _names(pieces: Sequence[str], sites: tuple[str, ...], least: int) -> list[str]:
    """Return the first name among pieces of text, and those that a comma or an "and" joins to it."""
    found: list[str] = []
    is_joined = True
    for piece in pieces:
        if (_LABEL.fullmatch(piece) and not found) or _NUMBER.fullmatch(piece):
            continue
        if _OTHER_ROLE.match(piece):
            break
        if found and _AND.fullmatch(piece):
            is_joined = True
            continue
        if found and not is_joined:
            break
        names = _in_piece(piece, sites, least)
        if not names and found:
            break
        found += names
        is_joined = not names or bool(_BESIDE.search(piece))
    return found


def _in_piece(piece: str, sites: tuple[str, ...], least: int) -> list[str]:
    """Return the names of which a text is made up: "By Rina Wati and Budi Santoso | 27 June 2024"; else none."""
    dated = PRINTED_DATE.search(piece)
    piece = _BESIDE.sub("", piece[: dated.start()] if dated else piece).strip(" |•·-–")
    whole = author_of(piece, sites)
    if not whole:
        return []
    for names in (_JOINT.split(whole), _LISTED.split(whole)):
        if len(names) > 1 and all(is_name(name) for name in names):
            return names
    if is_name(whole, least):
        return [whole]
    name = whole.partition(",")[0].strip()  # "Rina Wati, Kontributor Jember"
    return [name] if "," in whole and is_name(name) else []
