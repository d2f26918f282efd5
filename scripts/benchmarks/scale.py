"""How the cost of a start, of memory and of a change at the root grows with the number of machines."""

import random
import statistics

from programs import Headwater

SLACK = 64 << 20


def measure(bench, fleets):
    for size, fleet in fleets.items():
        state = bench.directory / f"scale-{size}"
        service = Headwater(state, pinned=False)
        service.load(fleet)
        service.end()
        service = Headwater(state, pinned=False)
        try:
            started(bench, service, fleet)
            root_change(bench, service, fleet)
        finally:
            service.end()
    next_read(bench, fleets[min(fleets)], fleets[max(fleets)])


def next_read(bench, few, many):
    """The reads after a change at the root, of few machines and of many, in turns."""
    services, reads = {}, {few: [], many: []}
    try:
        for fleet in reads: services[fleet] = Headwater(bench.directory / f"scale-{fleet.machines}", pinned=False)
        chance = random.Random(5)
        for turn in range(max(bench.rounds, 15)):
            for fleet, service in services.items(): reads[fleet] += after_change(service, fleet, chance, -turn)[2]
    finally:
        for service in services.values(): service.end()
    one, other = (statistics.median(reads[fleet]) for fleet in (many, few))
    bench.report.at_most(
        f"the read after a change at /: {many.machines:,} against {few.machines:,} machines", 1.5, one / other,
        f"{one * 1e3:.2f} ms of {other * 1e3:.2f} ms")


def after_change(service, fleet, chance, value):
    """The seconds of a change at the root, those of processors, and the seconds of reads after it: of a machine that was
    just read, and of others."""
    name = chance.choice(fleet.certnames)
    service.client.ask("GET", f"/hiera/{name}")
    before = service.seconds
    change = service.client.timed("PATCH", "/v1/tree/", {"vars": {"revision": value}})
    used = service.seconds - before
    return change, used, [service.client.timed("GET", f"/hiera/{name}") for name in [name] + chance.sample(fleet.certnames, 10)]


def started(bench, service, fleet):
    size, resident = fleet.machines, service.status("VmRSS")
    bench.report.curve("start", size, service.startup)
    bench.report.curve("memory", size, resident / 1e6)
    if size != bench.sizes[-1]: return
    bench.report.add(f"start with {size:,} machines", "≤ 2 s", f"{service.startup:.2f} s, {service.startup_used:.1f} s of processors", None, service.startup <= 2)
    bound = 3 * fleet.local_bytes + SLACK
    bench.report.at_most(
        f"memory with {size:,} machines: of 3 × their definitions + 64 MiB", 1, resident / bound,
        f"{resident / 1e6:,.0f} MB of {bound / 1e6:,.0f} MB")


def root_change(bench, service, fleet):
    """A change at the root, which touches all machines, and the reads after it."""
    chance = random.Random(3)
    changes, used, reads = [], [], []
    for turn in range(max(bench.rounds, 5)):
        change, processors, next_reads = after_change(service, fleet, chance, turn + 1)
        changes.append(change)
        used.append(processors)
        reads += next_reads
    acknowledged = statistics.median(changes)
    bench.report.curve("change at /", fleet.machines, acknowledged)
    bench.report.curve("next read", fleet.machines, statistics.median(reads))
    # A key that every machine's definition refers to, so that every machine has to be computed to be checked.
    before = service.seconds
    referenced = service.client.timed("PATCH", "/v1/tree/", {"vars": {"port": 8081}})
    bench.report.curve("change of a key referred to", fleet.machines, referenced)
    if fleet.machines == bench.sizes[-1]:
        figure = f"{acknowledged:.3f} s, {statistics.median(used):.2f} s of processors"
        what = f"change at / acknowledged, {fleet.machines:,} machines checked"
        bench.report.add(what, "≤ 1 s", figure, None, acknowledged <= 1)
        figure = f"{referenced:.2f} s, {service.seconds - before:.1f} s of processors"
        bench.report.add(f"{what}, of a key that all refer to", "≤ 1 s", figure, None, referenced <= 1)
