"""From a page as received to a staged article, here, in another process, or from a kept page."""
