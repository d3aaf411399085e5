"""Scrapy's settings: those that hold for every source, and what a source adds."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from scrapy.settings import default_settings

from core.config import Source
from crawlers.browser import launch_options

BOT_NAME = "fengping"
SPIDER_MODULES = ["crawlers.spiders"]
SCHEDULER = "crawlers.scheduler.FrontierScheduler"
ITEM_PIPELINES = {"crawlers.pipelines.CommitPipeline": 100}
# The lists are whole, Scrapy's own included: what a later Scrapy adds (a port to control it by, cookies, a console)
# is not switched on unseen, and what is not used is not imported.
DOWNLOADER_MIDDLEWARES_BASE = {
    "crawlers.middlewares.GuardMiddleware": 90,
    "crawlers.middlewares.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawlers.middlewares.PatientRetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
}
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.referer.RefererMiddleware": 700}
EXTENSIONS_BASE = {"scrapy.extensions.throttle.AutoThrottle": 0}
DOWNLOAD_HANDLERS_BASE = {
    "http": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
    "https": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
}
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
STATS_DUMP = False
LOG_FORMATTER = "crawlers.quiet.QuietFormatter"
LOG_INSTALL_ROOT_HANDLER = False
REDIRECT_MAX_TIMES = 8
CONCURRENT_ITEMS = 1
"""Scrapy starts so many tasks for every page; a page is one item here."""
DOWNLOAD_MAXSIZE = 32 * 2**20
DOWNLOAD_WARNSIZE = 0
DNS_TIMEOUT = 20
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
ROBOTSTXT_USER_AGENT = BOT_NAME
WARN_ON_GENERATOR_RETURN_VALUE = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/feed+json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
}
AUTOTHROTTLE_START_DELAY = 0.25
AUTOTHROTTLE_TARGET_CONCURRENCY = 2.0
BROWSER_PAGES = 2
"""Pages drawn at the same time: each takes as much memory as a program of its own."""


def user_agent(contact: str) -> str:
    """Who is asking, and whom to write to about it."""
    return f"fengping/{_version()} (+{contact or 'no contact given'})"


def settings_for(source: Source, contact: str, browser: Path | None = None, proxy: str = "") -> dict[str, Any]:
    """The settings of one source's crawler. With a browser, pages that ask for it go there through the proxy."""
    settings: dict[str, Any] = {name: value for name, value in globals().items() if name.isupper()}
    settings |= {
        "USER_AGENT": user_agent(contact),
        "ROBOTSTXT_OBEY": not source.own,
        "DOWNLOAD_TIMEOUT": source.timeout_seconds,
        "RETRY_TIMES": source.retries,
        "CONCURRENT_REQUESTS": source.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": source.concurrency,
        "DOWNLOAD_DELAY": source.delay_seconds,
        "AUTOTHROTTLE_ENABLED": source.autothrottle,
    }
    return settings | _browser_settings(source, browser, proxy) if browser else settings


def _browser_settings(source: Source, browser: Path, proxy: str) -> dict[str, Any]:
    handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(browser, proxy),
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": source.timeout_seconds * 1000,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": BROWSER_PAGES,
        "CONCURRENT_REQUESTS": BROWSER_PAGES,
        "RETRY_EXCEPTIONS": [*default_settings.RETRY_EXCEPTIONS, "playwright.async_api.TimeoutError"],
    }


def _version() -> str:
    try:
        return version("fengping")
    except PackageNotFoundError:
        return "0"
