"""What is raised where an optional library is missing: every room raises it, and a command ends with Exit.SETUP."""


class LibraryMissing(Exception):
    """A library is not installed, or cannot be loaded; the message says which, what for, and what to run."""
