"""What a tool waits for: headwater-enc from start to finish, against curl alone."""

import os
import statistics
import subprocess
import time


def measure(bench, service, fleet):
    name = fleet.certnames[0]
    settings = dict(os.environ, HEADWATER_URL=service.url, HEADWATER_TOKEN=service.token, HEADWATER_CONF="/dev/null")
    header = bench.directory / "header"
    header.write_text(f"Authorization: Bearer {service.token}\n")
    curl = ["curl", "-sSf", "-H", f"@{header}", f"{service.url}/enc/{name}"]
    enc = [bench.root / "enc/headwater-enc", name]
    pairs = [(seconds(enc, settings), seconds(curl, settings)) for _ in range(21)]
    one, other = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
    bench.report.at_most("headwater-enc from start to finish: of curl alone", 2, one / other, f"{one * 1e3:.0f} ms of {other * 1e3:.0f} ms")


def seconds(command, settings):
    begin = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, env=settings)
    return time.monotonic() - begin
