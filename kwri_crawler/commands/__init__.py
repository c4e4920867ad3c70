"""What `scrapy NAME` does in this project: one module a command."""
