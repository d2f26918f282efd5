"""How the cost of a start, of memory and of a change at the root grows with the number of machines."""

import random
import statistics

from programs import Headwater

SLACK = 64 << 20


def measure(bench, fleets):
    reads = {}
    for size, fleet in fleets.items():
        state = bench.directory / f"scale-{size}"
        service = Headwater(state, pinned=False)
        service.load(fleet)
        service.end()
        service = Headwater(state, pinned=False)
        try:
            started(bench, service, fleet)
            reads[size] = root_change(bench, service, fleet)
        finally:
            service.end()
    sizes = sorted(reads)
    ratio = reads[sizes[-1]] / reads[sizes[0]]
    bench.report.at_most(
        f"the read after a change at /: {sizes[-1]:,} against {sizes[0]:,} machines", 1.5, ratio,
        f"{reads[sizes[-1]] * 1e3:.2f} ms of {reads[sizes[0]] * 1e3:.2f} ms")


def started(bench, service, fleet):
    size, resident = fleet.machines, service.status("VmRSS")
    bench.report.curve("start", size, service.startup)
    bench.report.curve("memory", size, resident / 1e6)
    if size != bench.sizes[-1]: return
    bench.report.add(f"start with {size:,} machines", "≤ 2 s", f"{service.startup:.2f} s", None, service.startup <= 2)
    bound = 3 * fleet.local_bytes + SLACK
    bench.report.at_most(
        f"memory with {size:,} machines: of 3 × their definitions + 64 MiB", 1, resident / bound,
        f"{resident / 1e6:,.0f} MB of {bound / 1e6:,.0f} MB")


def root_change(bench, service, fleet):
    """The median of the reads after a change at the root, which touches all machines."""
    chance = random.Random(3)
    changes, reads = [], []
    for turn in range(max(bench.rounds, 5)):
        name = chance.choice(fleet.certnames)
        service.client.ask("GET", f"/hiera/{name}")
        changes.append(service.client.timed("PATCH", "/v1/tree/", {"vars": {"revision": turn + 1}}))
        reads += [service.client.timed("GET", f"/hiera/{name}") for name in [name] + chance.sample(fleet.certnames, 10)]
    acknowledged = statistics.median(changes)
    bench.report.curve("change at /", fleet.machines, acknowledged)
    bench.report.curve("next read", fleet.machines, statistics.median(reads))
    if fleet.machines == bench.sizes[-1]:
        bench.report.add(
            f"change at / acknowledged, {fleet.machines:,} machines checked", "≤ 1 s", f"{acknowledged:.2f} s", None,
            acknowledged <= 1)
    return statistics.median(reads)
