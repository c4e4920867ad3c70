"""The stages an article passes, in this order: clean, dates, dedupe, store. Scrapy loads them by name."""
