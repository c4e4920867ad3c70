"""How every crawl behaves. Do not edit: write what you want otherwise into settings.toml, as NAME = value.

That file stands beside scrapy.cfg, or in $KWRI_HOME; `scrapy doctor` says where. For one run, add `-s NAME=value`.
"""

import os
import sys

from kwri_crawler import catalogue, home
from kwri_crawler.own_settings import SettingsError, read_own_settings

BOT_NAME = "kwri-crawler"
SPIDER_MODULES = ["kwri_crawler.spiders"]
SPIDER_LOADER_CLASS = "kwri_crawler.spiders.loader.PortalLoader"
COMMANDS_MODULE = "kwri_crawler.commands"

# --- where things are
ARCHIVE_PATH = str(home.archive_path())
PAGES_PATH = ""  # the pages as they were received; empty for beside the archive: output/kwri-pages.sqlite
GROUP_MAY_READ = False  # True: the group of the folder may read archive, kept pages and backups too; others never
KEEP_PAGES_DAYS = 365.0  # how long a page is kept, some 15 KB each; 0 keeps none
# Folders of portal files, parted as in PATH; of two files of one name the first is taken. addportal writes into
# the first.
PORTALS_PATH = os.pathsep.join((str(home.own_portals()), str(catalogue.PORTALS)))

# --- who we are: portals' administrators read this line in their logs
CONTACT = ""  # a mail address or a page where they can complain; the crawl warns while it is empty

# --- politeness
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0  # seconds between two requests to one host; Scrapy varies it by half
CRAWL_DELAY_MAX_S = 30.0  # a robots.txt that asks for more gets this
RETRY_AFTER_MAX_S = 120.0  # a portal that asks for a longer pause is left until then, for a later crawl
BACK_OFF_S = 5.0  # the first pause after an error without Retry-After; doubled at each
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the ledger has it, with its reason
GIVE_UP_AFTER = 10  # answers in a row that are refusals or failures, and the portal is left alone
STATS_DUMP = False
STATS_CLASS = "kwri_crawler.extensions.Stats"
CONCURRENT_REQUESTS = 2  # one on its way, one ready: what waits here must be waited for when a crawl is asked to end

# --- `scrapy harvest`
HARVEST_AT_ONCE = 16  # portals that are crawled together; each keeps its own pace
HARVEST_INTERVAL_MIN = 50.0  # when a portal is due whose own pace (portals.next_due_at) is not known yet
STOP_GRACE_S = 75.0  # after SIGTERM; systemd's TimeoutStopSec must be longer
MIN_FREE_MB = 200  # with less on the archive's disk no harvest begins

# --- who is told when a portal's health changes, and that the harvest lives; empty is nobody
HEALTH_COMMAND = ""  # run once a change: $KWRI_PORTAL, $KWRI_WORD, $KWRI_WAS, $KWRI_WHY, $KWRI_TRY; JSON on stdin
HEALTH_WEBHOOK = ""  # gets {"text": ..., "changes": [...]} by POST: what chat services take
PING_URL = ""  # healthchecks style: /start is added at the beginning, /fail when the exit code is not 0
PROMETHEUS_FILE = ""  # *.prom in the folder of node_exporter's textfile collector

# --- how often things are asked for again
ALL_LISTINGS_EVERY_H = 24.0  # a feed that meets known ground stands for index pages and sitemaps so long
LISTING_PAGES_MAX = 10_000  # of one listing in one crawl: an endless calendar or a growing sitemap index ends here
ASK_IN_FULL_EVERY_H = 24.0  # "not modified" is believed for so long: some servers always say it
# RFC 9309: no longer than a day. Shorter than the slowest pace (archive/plan.py): a portal that is crawled twice a day
# is asked each time, so that a ban is known at the next crawl and named within two days.
ROBOTS_KEPT_H = 6.0
VISIT_AFTER_H = [1, 6, 24, 72, 240]  # an article's page is looked at again for edits so long after its publication
NOW = ""  # for trials: the moment at which the crawl's clock starts, as 2024-06-27T14:10:00+07:00

# --- the stages, in the order that an article passes them
ITEM_PIPELINES = {
    "pipelines.clean.CleanStage": 100,
    "pipelines.dates.DateStage": 200,
    "pipelines.dedupe.DedupeStage": 300,
    "pipelines.store.StoreStage": 400,
}
ITEM_PROCESSOR = "kwri_crawler.reading.stages.FurtherStages"  # the first, pure ones run where the page is read
READ_BESIDE_FROM = 20  # pages a second from which a second process reads them; 0 for never

# --- how bytes come in
# Of Scrapy's own parts those in use, in place of its lists: to learn that a part is off it loads it, and its remote
# control brings a web server, its cookies an HTTP library: 14 MB and a tenth of a second at each start.
DOWNLOADER_MIDDLEWARES_BASE = {
    "kwri_crawler.web.middlewares.Guard": 50,  # Scrapy's Offsite skips start requests and tells nobody
    "kwri_crawler.web.middlewares.RobotsTxt": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "kwri_crawler.web.middlewares.Pace": 560,
    "kwri_crawler.web.middlewares.Decompress": 590,
    "kwri_crawler.web.middlewares.Redirect": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
# The spider gives every answer its outcome, and the ledger bounds the depth; UrlLength drops without a word.
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.referer.RefererMiddleware": 700}
DOWNLOAD_HANDLERS = {
    "http": "kwri_crawler.web.network.ConnectToHandler",
    "https": "kwri_crawler.web.network.ConnectToHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
CONNECT_TO: dict[
    str, str
] = {}  # {"jatim.kwri.or.id": "127.0.0.1:8000"}: fetch this host's pages from there, by plain HTTP; "*" is any
TWISTED_DNS_RESOLVER = "kwri_crawler.web.network.PublicOnlyResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 << 20
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # web/middlewares.Decompress takes what is whole, and asks again for the rest
REDIRECT_MAX_TIMES = 5
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # executes Python for whoever reads its token
MEMUSAGE_LIMIT_MB = 1500
# The ledger asks for each address once; Scrapy's filter would also drop a redirect to itself without a word.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"  # its default weighs hosts, and a portal is one
# Scrapy starts this many tasks for every response, 100 by default: a third of its CPU time. A page is one article.
CONCURRENT_ITEMS = 1

# --- what a person sees
EXTENSIONS_BASE = {
    "kwri_crawler.extensions.OneLineLog": 0,
    "kwri_crawler.extensions.Progress": 500,
    # for whoever asks for them: MEMUSAGE_LIMIT_MB, CLOSESPIDER_*, FEEDS and AUTOTHROTTLE_ENABLED
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOG_FORMATTER = "kwri_crawler.extensions.QuietLogFormatter"
PROGRESS_INTERVAL_S = 60.0

# --- the operator's file goes over all of the above, and -s over the file
try:
    own = read_own_settings(home.settings_path(), globals())
except SettingsError as error:
    sys.exit(str(error))  # Scrapy would show a traceback
globals().update(own)
