"""Requests by many connections at once, sent by wrk."""

import dataclasses
import pathlib
import subprocess

from programs import LAST

SCRIPT = pathlib.Path(__file__).with_name("requests.lua")


@dataclasses.dataclass
class Load:
    """What came of a load."""

    rate: float
    """Requests a second."""
    median: float
    """Milliseconds."""
    p99: float
    """Milliseconds."""
    requests: int


def lines(requests):
    """The lines that the script reads: of (method, path, entity tag, body)."""
    return "".join("\t".join(request) + "\n" for request in requests)


class Requests:
    """A file of requests."""

    def __init__(self, file, requests):
        self.file = file
        self.count = len(requests)
        file.write_text(lines(requests))

    @staticmethod
    def get(file, paths, tags=None):
        return Requests(file, [("GET", path, tag, "") for path, tag in zip(paths, tags or [""] * len(paths))])

    def start(self, url, token, seconds, connections=32, seed=1, place="", pause=""):
        command = ["taskset", "-c", LAST, "wrk", "--threads", "1", "--connections", str(connections), "--duration",
                   f"{seconds}s", "--timeout", "20s", "--script", SCRIPT, "--header", f"Authorization: Bearer {token}", url,
                   "--", self.file, str(seed), str(place), str(pause)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def send(self, url, token, seconds, connections=32, seed=1, pause=""):
        """Sends them for some seconds; an error among the answers is one of the whole."""
        return result(self.start(url, token, seconds, connections, seed, pause=pause))

    def pass_through(self, url, token):
        """Sends each of them at least once."""
        sent = 0
        while sent < self.count:
            sent += result(self.start(url, token, 1, place=sent)).requests


def result(process):
    """What came of a load that was started."""
    text = process.communicate()[0]
    found = [line for line in text.splitlines() if line.startswith("RESULT ")]
    if process.returncode != 0 or not found:
        raise RuntimeError(f"wrk ended with {process.returncode}: {text[-500:]}")
    requests, duration, broken, refused, median, p99 = map(int, found[0].split()[1:])
    if broken or refused:
        raise RuntimeError(f"of {requests} requests {broken} were not answered and {refused} with an error")
    return Load(requests / (duration / 1e6), median / 1000, p99 / 1000, requests)
