"""A page -> its passages in order, with what their elements are called and how much is linked; drops nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborNode

from kwri_crawler.pages.blocks import BLOCKS, UNSEEN, ends_sentence, is_long_cell
from kwri_crawler.pages.text import WORD, fold, split

MOST_PASSAGES = 3_000  # of one page; news pages show 100 to 900
# What the names in class and id say of a part of a page; a name may say several things.
_NAMED = re.compile(
    r"(?P<comment>comment|disqus|respond|repl(?:y|ies))"
    r"|(?P<related>related|recommend|popular|trending|terkait|baca-?juga|wp-embedded|similar|latest|teaser|outbrain|taboola"
    r"|more-?(?:stories|news|from|posts)|(?:read|see)-?(?:more|next|also)|up-?next"
    r"|(?<![a-z])next-?(?:post|article|story|berita))"
    r"|(?P<share>shar(?:e|ing)|social|follow)"
    r"|(?P<nav>nav(?!y)|menu|breadcrumb|pag(?:ination|er)|crumb)"
    r"|(?P<toc>toc(?![a-z])|table-?of-?contents)"
    r"|(?P<side>side-?bar|widget|aside|rail(?![a-z]))"
    r"|(?P<foot>foot(?!note|ball)|copyright|legal|colophon|disclaimer|disclosure)"
    r"|(?P<head>header|masthead|banner|hero|top-?bar)"
    r"|(?P<ad>(?<![a-z])ads?(?![a-z])|advert|sponsor|promo|affiliate|(?<![a-z])cta(?![a-z]))"
    r"|(?P<ask>newsletter|subscri|sign-?up|paywall|regist|login|cookie|consent|gdpr|popup|pop-up|modal|donat|form)"
    r"|(?P<author>author|byline|(?<![a-z])bio(?![a-z])|profile|contributor|sabox|abh_)"
    r"|(?P<meta>meta|date|time(?!line)|categor|(?<![a-z])tags?(?![a-z])|label|topic|keyword|views)"
    r"|(?P<caption>caption|ket(?:erangan)?-?_?(?:foto|gambar)|credit|figure|gallery|slide|carousel)"
    r"|(?P<text>content|article|entry|post(?!er)|story|body|text|blog|rich|prose|isi(?![a-z])|konten|copy)"
    r"|(?P<card>card|item|tile|grid|list|product|price)"
    r"|(?P<faq>faq|accordion|question)"
    r"|(?P<box>republi(?:sh|cation)[-_]?(?:box|modal|popup|form|tracker|this|widget))"
    r"|(?P<hidden>hidden|sr-only|screen-?reader|visually)"
    r"|(?P<title>title|headline|heading)|(?P<lead>lead|ringkas|summary|intro|excerpt|standfirst|subtitle|sub-?head|deck|dek)"
)
_PLAIN = frozenset(("b", "i", "em", "strong", "u", "br", "small", "sup", "sub", "mark", "font", "wbr", "img", "abbr"))
_PARTS = frozenset(
    ("article", "main", "aside", "nav", "header", "footer", "form", "table", "ul", "ol", "dl", "pre", "section")
) | {"blockquote", "figure", "figcaption", "details"}
_NAMES_IN_MEMORY = 4_000
_said: dict[str, frozenset[str]] = {}


@dataclass(slots=True, eq=False)
class Holder:
    """An element around passages: what it and those around it are called, and how much plain text lies in it."""

    tag: str
    block: Holder | None  # the block around this one; of an element that is no block, the block that it lies in
    own: frozenset[str]  # what its tag and names say
    around: frozenset[str]  # what those of all elements around it say
    is_block: bool = True
    plain: int = 0  # words of plain text in it, at any depth
    right: int = 0  # ... right in it, or in a paragraph or item right in it


@dataclass(slots=True)
class Passage:
    """A block of text as a reader sees it."""

    text: str
    block: Holder  # that it lies in
    names: frozenset[str]  # what the elements next around its first words are called
    around: frozenset[str]  # ... and those further out
    words: int
    linked: int  # words of it that are links
    bold: bool  # all of it
    node: LexborNode  # its first piece of text
    key: str  # its words, case-folded


def article_of(passage: Passage) -> Holder | None:
    """Return the outermost <article> that a passage lies in; None where it lies in none."""
    found: Holder | None = None
    holder: Holder | None = passage.block
    while holder is not None:
        found, holder = (holder if holder.tag == "article" else found), holder.block
    return found


def passages_of(body: LexborNode) -> list[Passage]:
    """Return the passages below a node, without recursion: a hostile page nests thousands deep."""
    return list(islice(_walk(body), MOST_PASSAGES))


@dataclass(slots=True)
class _Line:
    """The passage that is being gathered."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    plain: bool = False  # some of it is not bold
    breaks: int = 0  # <br> since the last text
    first: tuple[LexborNode, Holder] | None = None

    def finish(self, block: Holder) -> Passage | None:
        text = fold("".join(self.pieces)).strip("| ") if self.first else ""
        found = None
        if text and self.first is not None:
            node, at = self.first
            words = len(text.split())
            near = at.own if at.block is None else at.own | at.block.own
            key = " ".join(split(text.casefold(), WORD))
            found = Passage(text, block, near, at.around, words, min(words, self.linked), not self.plain, node, key)
        self.pieces.clear()
        self.linked, self.plain, self.breaks, self.first = 0, False, 0, None
        return found


def _walk(body: LexborNode) -> Iterator[Passage]:
    here = block = Holder(body.tag or "body", None, _names(body), frozenset())
    stack: list[tuple[Holder, Holder, int, int]] = []  # of each open element, what was before it
    line = _Line()
    in_link = in_bold = 0
    node = body.first_child
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            text = node.text_content or ""
            if text and not text.isspace():
                if line.breaks and (line.breaks > 1 or ends_sentence(line.pieces)) and (found := line.finish(block)):
                    yield found
                line.breaks = 0
                line.first = line.first or (node, here)
                line.linked += len(text.split()) if in_link else 0
                line.plain |= not in_bold
            line.pieces.append(text)
        elif tag == "br":
            line.breaks += 1
            line.pieces.append(" ")
        elif tag not in UNSEEN and tag[:1] != "-":
            if tag in BLOCKS and (found := line.finish(block)):
                yield found
            if tag in ("td", "th") and line.first:
                if is_long_cell(line.pieces) and (found := line.finish(block)):
                    yield found
                line.pieces.append(" | ")
            inner = node.first_child
            if inner is not None:
                stack.append((here, block, in_link, in_bold))
                if tag in BLOCKS:
                    here = block = Holder(tag, block, _names(node), here.own | here.around)
                elif tag not in _PLAIN:
                    own = _names(node)
                    here = Holder(tag, block, own, here.own | here.around, False) if own else here
                in_link |= tag == "a"
                in_bold |= tag in ("b", "strong")
                node = inner
                continue
        while node.next is None and stack:
            node = node.parent or node
            if node.tag in BLOCKS and (found := line.finish(block)):
                yield found
            here, block, in_link, in_bold = stack.pop()
        node = node.next if stack or node.parent is None or node.parent.mem_id == body.mem_id else None
    if found := line.finish(block):
        yield found


def _names(node: LexborNode) -> frozenset[str]:
    """Return what an element's tag, class, id and role say of it."""
    attributes = node.attributes
    tag = node.tag or ""
    said = (tag,) if tag in _PARTS else ()
    if not attributes:
        return frozenset(said)
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('role') or ''}"[:300].lower()
    style = attributes.get("style") or ""
    if (
        "hidden" in attributes
        or "display:none" in style.replace(" ", "")[:200]
        or attributes.get("aria-hidden") == "true"
    ):
        names += " hidden"
    if attributes.get("itemprop") == "articleBody":
        names += " articlebody"
    found = _said.get(names)
    if found is None:
        found = frozenset(match.lastgroup or "" for match in _NAMED.finditer(names))
        if len(_said) > _NAMES_IN_MEMORY:
            _said.clear()
        _said[names] = found
    return found.union(said) if said else found
