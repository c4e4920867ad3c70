"""Write the message that a watch sends: a title, and a few lines of text for each story; pure.

A headline is a portal's: it stays on its line, and can neither write markup nor call everyone of a chat.
"""

from __future__ import annotations

from kwri_crawler.archive.alerts import Digest, Story
from kwri_crawler.languages import pick
from kwri_crawler.notify.messages import Failed
from kwri_crawler.screen import one_line

MOST_STORIES = 20  # of one message; the others are counted
_MOST_TITLE = 300  # characters
_MOST_URL = 1000
_INERT = str.maketrans({"@": "＠", "<": "‹", ">": "›", "`": "'"})
# key: (Indonesian, English)
_TEXTS = {
    "title": ("{watch}: {number} cerita", "{watch}: {number} stories"),
    "title of one": ("{watch}: 1 cerita", "{watch}: 1 story"),
    "test": ("[percobaan] {title}", "[test] {title}"),
    "search": ("Pantauan: {query}", "Watch: {query}"),
    "on": ("di {portals} portal", "on {portals} portals"),
    "grown": ("kini di {portals} portal, sebelumnya {before}", "now on {portals} portals, before {before}"),
    "told": ("pantauan {watch}: {stories} kepada {to}", "watch {watch}: {stories} to {to}"),
    "stories": ("{number} cerita", "{number} stories"),
    "stories of one": ("1 cerita", "1 story"),
    "not told": ("{told}: tidak sampai: {why}", "{told}: not told: {why}"),
    Failed.LATE: ("tidak dijawab pada waktunya", Failed.LATE),
    Failed.NO_TIME: ("waktunya habis", Failed.NO_TIME),
    Failed.NO_NAME: ("NOTIFY tidak punya nama itu", Failed.NO_NAME),
    Failed.NO_SERVICE: ("apprise tidak memahami alamatnya", Failed.NO_SERVICE),
    Failed.NOT_TAKEN: ("tidak tersambung, atau tidak diterima", Failed.NOT_TAKEN),
    "more": ("dan {number} lagi", "and {number} more"),
}


def write_digest(digest: Digest, lang: str, *, is_test: bool = False) -> tuple[str, str]:
    """Return title and text of a digest in a language, id or en; at most MOST_STORIES stories."""
    number = digest.number
    title = _say(lang, "title" if number != 1 else "title of one", watch=_inert(digest.watch), number=number)
    parts = [_say(lang, "search", query=_inert(digest.query))]
    parts += [_story(place, story, lang) for place, story in enumerate(digest.stories[:MOST_STORIES], 1)]
    if number > MOST_STORIES:
        parts.append(_say(lang, "more", number=number - MOST_STORIES))
    return _say(lang, "test", title=title) if is_test else title, "\n\n".join(parts) + "\n"


def write_told(watch: str, to: str, stories: int, failed: str | None, lang: str) -> str:
    """Return a line that says what became of a digest."""
    number = _say(lang, "stories" if stories != 1 else "stories of one", number=stories)
    line = _say(lang, "told", watch=watch, stories=number, to=to)
    return _say(lang, "not told", told=line, why=write_why(failed, lang)) if failed else line


def write_why(failed: str, lang: str) -> str:
    """Return why a message was not taken; what has no words of ours stays as it is."""
    return _say(lang, failed) if failed in _TEXTS else failed


def _story(place: int, story: Story, lang: str) -> str:
    """Write a story: its headline, who ran it when and how many others, its address."""
    facts = [_inert(story.portal)]
    if story.published is not None:
        facts.append(story.published)
    if story.portals_before is not None:
        facts.append(_say(lang, "grown", portals=story.portals, before=story.portals_before))
    elif story.portals > 1:
        facts.append(_say(lang, "on", portals=story.portals))
    lines = [f"{place}. {_inert(story.title)}", f"   {'; '.join(facts)}"]
    if story.url.startswith(("http://", "https://")):
        lines.append(f"   {one_line(story.url)[:_MOST_URL]}")
    return "\n".join(lines)


def _say(lang: str, key: str, **values: object) -> str:
    return pick(lang, _TEXTS[key]).format(**values)


def _inert(text: str) -> str:
    return one_line(text).translate(_INERT)[:_MOST_TITLE]
