"""Templates of the files that run a harvest unattended; `scrapy deploy` fills them in."""
