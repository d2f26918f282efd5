"""Documents of random machines, against libmicrohttpd by itself and nginx with bodies of the same size."""

import random
import statistics

import instructions
from load import Requests, result
from programs import Bare, Nginx

RENDERED = "headwater_documents_rendered_total"
# The share of bare's requests that each is to reach, and by how much its p99 may be longer.
KINDS = {
    "/hiera": (0.9, 1.5, lambda name: f"/hiera/{name}"),
    "/enc": (0.85, None, lambda name: f"/enc/{name}"),
    "/pillar": (0.85, None, lambda name: f"/pillar/{name}"),
    "/hiera/…/key": (0.85, None, lambda name: f"/hiera/{name}/users"),
}


def measure(bench, service, fleet):
    for kind, (share, longer, path) in KINDS.items():
        against_bare(bench, service, fleet, kind, share, longer, [path(name) for name in fleet.certnames])
    # A minute and more, so not in a quick run.
    if not bench.quick and instructions.is_installed(): instructions.measure(bench, {kind: path for kind, (_, _, path) in KINDS.items()})
    not_modified(bench, service, fleet)
    while_writing(bench, service, fleet)


def against_bare(bench, service, fleet, kind, share, longer, paths):
    sample = random.Random(1).sample(paths, min(200, len(paths)))
    size = round(statistics.mean(len(service.client.ask("GET", path)) for path in sample))
    requests = Requests.get(bench.directory / "requests", paths)
    others = {"bare": Bare(bench.directory, size)}
    if kind == "/hiera" and Nginx.is_installed(): others["nginx"] = Nginx(bench.directory, size)
    ours, theirs = [], {name: [] for name in others}
    warm(service, requests)
    before = service.seconds
    for turn in range(bench.turns):
        ours.append(requests.send(service.url, service.token, bench.turn_seconds, seed=turn))
        for name, other in others.items():
            theirs[name].append(requests.send(other.url, service.token, bench.turn_seconds, seed=turn))
    used = (service.seconds - before) / sum(load.requests for load in ours)
    before, count = others["bare"].seconds, sum(load.requests for load in theirs["bare"])
    bare_used = before / count
    for other in others.values(): other.end()
    rate, p99 = median(ours, "rate"), median(ours, "p99")
    bare, bare_p99 = median(theirs["bare"], "rate"), median(theirs["bare"], "p99")
    what = f"GET {kind}, {len(paths):,} machines, {size:,} B"
    bench.report.at_least(
        f"{what}: of bare", share, ratio(ours, theirs["bare"], "rate"), f"{rate:,.0f}/s of {bare:,.0f}/s")
    bench.report.at_most(
        f"{what}: p99 of bare's", longer, ratio(ours, theirs["bare"], "p99"), f"{p99:.2f} ms of {bare_p99:.2f} ms")
    figure = f"{used * 1e6:.1f} µs of {bare_used * 1e6:.1f} µs"
    bench.report.add(f"{what}: processor a request", "", figure, used / bare_used)
    if "nginx" in theirs:
        nginx = median(theirs["nginx"], "rate")
        bench.report.add(
            f"{what}: of nginx", "", f"{rate:,.0f}/s of {nginx:,.0f}/s", ratio(ours, theirs["nginx"], "rate"))


def warm(service, requests):
    """Has every document rendered; a shard of the cache that runs full on the way begins anew, hence the second pass."""
    for _ in range(3):
        before = service.figure(RENDERED)
        requests.pass_through(service.url, service.token)
        if service.figure(RENDERED) - before < requests.count / 100: return


def not_modified(bench, service, fleet):
    names = random.Random(2).sample(fleet.certnames, min(bench.tagged, len(fleet.certnames)))
    paths, tags = [f"/hiera/{name}" for name in names], []
    for path in paths:
        service.client.ask("GET", path)
        tags.append(service.client.etag)
    whole = Requests.get(bench.directory / "whole", paths)
    same = Requests.get(bench.directory / "same", paths, tags)
    loads = {same: [], whole: []}
    for turn in range(bench.turns):
        for requests, sent in loads.items():
            sent.append(requests.send(service.url, service.token, bench.turn_seconds, seed=turn))
    one, other = (median(sent, "rate") for sent in loads.values())
    bench.report.at_least(
        "GET /hiera, 304 against 200", 1, ratio(loads[same], loads[whole], "rate"), f"{one:,.0f}/s of {other:,.0f}/s")


def while_writing(bench, service, fleet):
    """Reads of some racks while others are written: the latency, and that nothing is rendered anew."""
    half = len(fleet.paths) // 2
    paths = [f"/hiera/{name}" for name in fleet.certnames[:half]][:bench.tagged]
    folders = sorted({path.rsplit("/", 1)[0] for path in fleet.paths[half:]} - {path.rsplit("/", 1)[0] for path in fleet.paths[:half]})
    reads = Requests.get(bench.directory / "reads", paths)
    writes = Requests(
        bench.directory / "writes",
        [("PATCH", f"/v1/tree{folder}", "", '{"vars": {"beat": {n}}}') for folder in folders[:50]])
    for path in paths: service.client.ask("GET", path)

    def turn(number, pause):
        """A load without writes and one with them, what was written meanwhile, and how many documents were made."""
        quiet = reads.send(service.url, service.token, bench.turn_seconds, seed=number, pause=pause)
        before = service.figure(RENDERED)
        writing = writes.start(service.url, service.token, bench.turn_seconds, connections=1)
        busy = reads.send(service.url, service.token, bench.turn_seconds, seed=number, pause=pause)
        return quiet, busy, result(writing), service.figure(RENDERED) - before

    # At full load a p99 says how much of the one processor the writes take. What a read waits for shows where there is room:
    # with a pause between two of a connection, and a processor for the writes.
    with service.unpinned(): paced = [turn(number, pause=1) for number in range(bench.turns)]
    full = [turn(number, pause="") for number in range(bench.turns)]
    _, busy, written, made = zip(*paced, *full)
    read, written = (sum(load.requests for load in loads) for loads in (busy, written))
    bench.report.add(
        "documents rendered anew while other folders are written", "0", f"{sum(made):.0f} for {read:,} reads, {written:,} writes",
        None, sum(made) == 0)
    for what, goal, turns in (("", 2, paced), (", at full load on one processor", None, full)):
        quiet, busy, *_ = zip(*turns)
        p99s = f"{median(busy, 'p99'):.2f} ms of {median(quiet, 'p99'):.2f} ms"
        rates = f"{median(busy, 'rate'):,.0f}/s of {median(quiet, 'rate'):,.0f}/s"
        bench.report.at_most(f"GET /hiera while writing{what}: p99 of without", goal, ratio(busy, quiet, "p99"), f"{p99s}, at {rates}")


def median(loads, name):
    return statistics.median(getattr(load, name) for load in loads)


def ratio(ours, theirs, name):
    """The median of the ratios of each turn: its two loads share the neighbours' noise."""
    return statistics.median(getattr(one, name) / getattr(other, name) for one, other in zip(ours, theirs))
