"""The sentences that tell why a portal got its word; the archive keeps them in English, figures put in."""

from __future__ import annotations

from enum import StrEnum


class Says(StrEnum):
    """One sentence; every {name} stands for a figure. What an archive or a portal told follows behind it."""

    NEVER = "it was never crawled"
    YOUNG = "crawled for less than two weeks"
    UNREAD = "no crawl read it whole since {since} UTC"
    PARTLY = "{stored} articles came by its other listings"
    LOST = "{lost} of {total} pages brought no article in {days} days"
    FUTURE = "its clock jumped: {ahead} of {total} articles in {days} days are dated in the future"
    EARLIER = "its clock jumped: articles of {days} days are dated {hours} hours earlier than they come"
    LATER = "its clock jumped: articles of {days} days are dated {hours} hours later than they come"
    FEWER = "{came} articles in {days} days of news; usual is {usual}"
    AUTHORS = "{have} of {total} articles in {days} days have an author; usual is {usual}"
    SECTIONS = "{have} of {total} articles in {days} days have a section; usual is {usual}"
    IMAGES = "{have} of {total} articles in {days} days have an image; usual is {usual}"
    MINUTES = "{have} of {total} articles in {days} days have a date to the minute; usual is {usual}"
    SHORTER = "the middle article in {days} days has {words} words; usual is {usual}"
