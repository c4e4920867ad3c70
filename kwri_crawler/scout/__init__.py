"""From a portal's home page and a few articles to its catalogue file, each line with where it was found.

Claims nothing that it did not see: what is missing is left out, and said with the line to add by hand.
"""
