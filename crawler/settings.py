"""Scrapy's settings. Every line departs from a default; its comment says why.

What depends on a run (delays, limits, contact) is `CrawlOptions` and set per source by `SourceSpider.settings_of_source`.
"""

from casereviews.crawler.network.manners import contact_of, user_agent

BOT_NAME = "casereviews"
SPIDER_MODULES = ["casereviews.crawler.spiders"]
NEWSPIDER_MODULE = "casereviews.crawler.spiders"

# Publishers see who asks and whom to write to; a run replaces the contact by the one kept in its home.
USER_AGENT = user_agent(contact_of(None))

# ---- manners

# Scrapy's own robots middleware takes an unreadable robots.txt as permission; ours (below) waits. This
# setting stays on so that `scrapy settings --get ROBOTSTXT_OBEY` tells the truth.
ROBOTSTXT_OBEY = True

# One request at a time per host. Alone it does not hold: without a delay Scrapy 2.19 takes a whole burst from the
# queue before the first transfer is counted. DOWNLOAD_DELAY is therefore never 0.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 4

# Two seconds between requests, in a publisher's office hours or not; plus or minus half by Scrapy's own jitter.
DOWNLOAD_DELAY = 2.0

# A slow site is asked more slowly. The default start of 5 s costs minutes on every host of a night of 200.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0

# Nobody logs in, nobody is recognised: a site must not see a session in us.
COOKIES_ENABLED = False

# The page that led to a report is nobody's business but ours.
REFERRER_POLICY = "no-referrer"

# Pages in English where a site offers a choice (boards in Wales do), anything else rather than an error.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-GB,en;q=0.8,cy;q=0.5",
}

# ---- guards

# Scrapy does not verify certificates unless told to.
DOWNLOAD_VERIFY_CERTIFICATES = True

# Refuses private and loopback addresses, whatever name or redirect leads there. Both addresses families.
TWISTED_DNS_RESOLVER = "casereviews.crawler.network.resolver.GuardedResolver"

# No door into the running process.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Only what this project asks: other schemes (file:, s3:, ftp:, data:) have no business in a link of a web page.
DOWNLOAD_HANDLERS = {"file": None, "s3": None, "ftp": None, "data": None}

# Bytes, compressed or not; the default is a gigabyte. Pages get less (`CrawlOptions.page_bytes`).
DOWNLOAD_MAXSIZE = 100_000_000
DOWNLOAD_WARNSIZE = 0

# Seconds for a whole response, body included; the default of three minutes holds a host's only place too long.
DOWNLOAD_TIMEOUT = 30

# Long enough for http -> https -> www -> new slug; the default of 20 is a loop.
REDIRECT_MAX_TIMES = 6

# A page that refreshes itself to another address is followed when it does so at once, not after a minute of news.
METAREFRESH_MAXDELAY = 5

# Retrying, with backoff and Retry-After, is `PoliteRetryMiddleware`'s.
RETRY_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    # Replaced by ours: allow-listed hosts instead of domains with all their subdomains, robots that
    # wait, retry that is patient, decompression that names a bomb.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # Nothing here is protected by a password, and cookies are off.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "casereviews.crawler.network.middlewares.HostGuardMiddleware": 40,
    "casereviews.crawler.network.robots.RobotsMiddleware": 100,
    "casereviews.crawler.spiders.looking.FewFilesMiddleware": 110,
    "casereviews.crawler.network.middlewares.BudgetMiddleware": 120,
    "casereviews.crawler.network.middlewares.PoliteRetryMiddleware": 550,
    # Before Scrapy's meta refresh (580) looks into the text.
    "casereviews.crawler.network.middlewares.CharsetMiddleware": 585,
    "casereviews.crawler.network.middlewares.BoundedCompressionMiddleware": 590,
    # Nearer to the site than Scrapy's redirects (600): it sees what they swallow.
    "casereviews.crawler.network.middlewares.CookieNoteMiddleware": 610,
}

# ---- order

# Pages are asked in the order in which they stand, lists first (priorities of `SourceSpider`), so that two runs over the same
# site sight its documents in the same order.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"

# An item is recorded before the next one is looked at.
CONCURRENT_ITEMS = 1

# ---- records

ITEM_PIPELINES = {"casereviews.crawler.pipelines.RecordPipeline": 100}

SPIDER_MIDDLEWARES = {
    # It would overwrite our own `depth`, which counts levels: another page of the same list is none.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}

EXTENSIONS = {
    # Cuts off bodies that drip.
    "casereviews.crawler.network.slowness.SlownessExtension": 10,
    # Not used; each costs a timer per source.
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.feedexport.FeedExporter": 0,
}

# The run report is our own; Scrapy's dump of 60 lines a source would bury it.
STATS_DUMP = False
LOG_LEVEL = "WARNING"
LOG_VERSIONS: list[str] = []
