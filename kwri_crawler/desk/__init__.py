"""Read a press desk's own files (Word, PDF, e-mail, text) into paragraphs and a date; pure.

What cannot be read is refused with a code, and no day is guessed: one that is nowhere printed is asked for.
"""

from kwri_crawler.desk.bounds import Fault, Unread, read_bytes
from kwri_crawler.desk.lists import ListError, ListFault, ListRow, read_list
from kwri_crawler.desk.moments import day_of_name, printed_day, read_moment
from kwri_crawler.desk.papers import NAMED_KINDS, Paper, check_libraries, read_paper

__all__ = [
    "NAMED_KINDS",
    "Fault",
    "ListError",
    "ListFault",
    "ListRow",
    "Paper",
    "Unread",
    "check_libraries",
    "day_of_name",
    "printed_day",
    "read_bytes",
    "read_list",
    "read_moment",
    "read_paper",
]
