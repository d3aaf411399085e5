"""The Scrapy project: spiders over pure parsers, a frontier that survives kill -9, and politeness."""
