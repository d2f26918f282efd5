"""Writes, against SQLite by itself with the same rows, the same schema and the same durability."""

import sqlite3
import statistics
import time

import fleet as fleets
from load import Requests
from programs import Headwater


class Copy:
    """A database with the schema of the service's, and nothing in it but what is copied."""

    def __init__(self, original, file):
        self.source = sqlite3.connect(f"file:{original}?mode=ro", uri=True)
        schema = self.source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND type <> 'trigger' ORDER BY rowid")
        self.target = sqlite3.connect(file, isolation_level=None)
        self.target.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536")
        for (sql,) in schema.fetchall(): self.target.execute(sql)

    def rows(self, revisions):
        """The rows that revisions put into each table."""
        within = "revision BETWEEN ? AND ?"
        return {
            "revision": self.source.execute("SELECT * FROM revision WHERE number BETWEEN ? AND ?", revisions).fetchall(),
            "change": self.source.execute(f"SELECT * FROM change WHERE {within}", revisions).fetchall(),
            "audit": self.source.execute(f"SELECT * FROM audit WHERE {within}", revisions).fetchall(),
            "entry": self.source.execute(f"SELECT * FROM entry WHERE change IN (SELECT number FROM change WHERE {within})", revisions).fetchall(),
        }

    def write(self, rows):
        """Writes rows in one transaction; the seconds that takes."""
        begin = time.monotonic()
        self.target.execute("BEGIN IMMEDIATE")
        for table, values in rows.items():
            if values:
                marks = ", ".join("?" * len(values[0]))
                self.target.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)
        self.target.execute("COMMIT")
        return time.monotonic() - begin


def database(service):
    return service.state / "headwater.sqlite"


def apply(bench):
    """Many new machines in one revision."""
    fleet = fleets.Fleet(bench.applied)
    ratios, ours, theirs = [], [], []
    for turn in range(bench.rounds):
        service = Headwater(bench.directory / f"apply-{turn}", pinned=False)
        try:
            ours.append(service.client.timed("POST", "/v1/apply", {"entries": fleet.entries}))
            copy = Copy(database(service), bench.directory / f"apply-{turn}.sqlite")
            copy.write(copy.rows((1, 1)))
            theirs.append(copy.write(copy.rows((2, 2))))
        finally:
            service.end()
        ratios.append(ours[-1] / theirs[-1])
    one, other = statistics.median(ours), statistics.median(theirs)
    bench.report.at_most(
        f"apply of {bench.applied:,} new machines: of SQLite's rows", 3, statistics.median(ratios), f"{one:.2f} s of {other:.2f} s")


def single(bench, service, fleet):
    """One entry a write, by 16 clients; the bare transactions by one, one after the other."""
    requests = Requests(
        bench.directory / "singles",
        [("PATCH", f"/v1/tree{path}", "", '{"vars": {"beat": {n}}}') for path in fleet.paths[:5000]])
    pairs = []
    for turn in range(bench.rounds):
        first = service.client.json("GET", "/v1/revisions?limit=1")["revisions"][0]["number"] + 1
        with service.unpinned():
            load = requests.send(service.url, service.token, bench.seconds, connections=16, seed=turn)
        pairs.append((load.rate, bare_rate(bench, service, first, turn), load.p99))
    ratio = statistics.median(one / other for one, other, _ in pairs)
    one, other, p99 = (statistics.median(pair[place] for pair in pairs) for place in range(3))
    bench.report.at_least(
        "writes of one entry, 16 clients: of bare SQLite", 0.5, ratio, f"{one:,.0f}/s of {other:,.0f}/s, p99 {p99:.0f} ms")


def bare_rate(bench, service, first, turn):
    copy = Copy(database(service), bench.directory / f"single-{turn}.sqlite")
    copy.target.execute("PRAGMA foreign_keys = OFF")
    each = [copy.rows((number, number)) for number in range(first, first + 3000)]
    each = [rows for rows in each if rows["revision"]]
    begin, count = time.monotonic(), 0
    for rows in each:
        copy.write(rows)
        count += 1
        if time.monotonic() - begin > bench.seconds: break
    return count / (time.monotonic() - begin)
