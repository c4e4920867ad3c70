"""A stage as which hostile pages act; the environment names their addresses."""

import os
import re
import signal
import sys

from kwri_crawler.items import Article
from kwri_crawler.reading import limit

DEADLY, ENDLESS = "DEADLY_PAGE", "ENDLESS_PAGE"  # variables, each with the end of an address
ALLOWED_S = 2.0  # of CPU; with the first page of a process comes what it loads


class Killer:
    """Ends its process at one article, as a fault in a C library would, and never ends with another."""

    def __init__(self) -> None:
        limit.PAGE_CPU_S = float(os.environ.get("ALLOWED_S", ALLOWED_S))  # of this process

    def process_item(self, article: Article) -> Article:
        if article.url.endswith(os.environ.get(DEADLY, "nothing")):
            os.kill(os.getpid(), signal.SIGKILL)
        if article.url.endswith(os.environ.get(ENDLESS, "nothing")):
            print("reading it", file=sys.stderr, flush=True)
            re.match(r"(a+)+$", "a" * 60 + "b")  # in C: no exception, no thread and no signal's handler gets a turn
        return article
