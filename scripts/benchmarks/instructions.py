"""Instructions a request, counted by valgrind's callgrind: the same on a busy machine as on a quiet one.

Of what it counts, some 36,000 a request are libmicrohttpd clearing a connection's memory, byte by byte; the processor does
that with two instructions. Bare libmicrohttpd clears as much, so the difference says more than the ratio.
"""

import re
import shutil
import statistics
import subprocess

from fleet import Fleet
from programs import Bare, Client, Headwater, PROGRAMS

MACHINES = 100
REQUESTS = 1_000

# valgrind 3.19 writes into the mask of a sigsuspend(2), and libdispatch's lies in memory that cannot be written.
PRELOAD = """
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
int sigsuspend(const sigset_t *mask) { sigset_t copy = *mask; return syscall(SYS_rt_sigsuspend, &copy, 8); }
"""


def is_installed():
    return all(shutil.which(name) for name in ("valgrind", "callgrind_control", "objcopy", "gcc"))


class Callgrind:
    """Runs programs so that their instructions can be counted."""

    def __init__(self, directory):
        self.directory = directory / "callgrind"
        self.directory.mkdir(exist_ok=True)
        library = self.directory / "preload.so"
        subprocess.run(
            ["gcc", "-O2", "-shared", "-fPIC", "-x", "c", "-", "-o", library], input=PRELOAD, text=True, check=True)
        self.output = self.directory / "out"
        self.prefix = ["env", f"LD_PRELOAD={library}", "valgrind", "--tool=callgrind", "--instr-atstart=no",
                       f"--callgrind-out-file={self.output}"]

    def program(self, source):
        """The program without what is for debuggers, which this valgrind cannot read."""
        stripped = self.directory / source.name
        subprocess.run(["objcopy", "--strip-debug", source, stripped], check=True)
        return stripped

    def count(self, program, port, token, paths):
        """Instructions a request, once all is warm."""
        client = Client(port, token)
        for path in paths * 3: client.ask("GET", path)
        self.control(program, "--instr=on")
        self.control(program, "--zero")
        for number in range(REQUESTS): client.ask("GET", paths[number % len(paths)])
        self.control(program, "--instr=off")
        for old in self.directory.glob("out.*"): old.unlink()
        self.control(program, "--dump")
        (dump,) = self.directory.glob("out.*")
        return int(re.search(r"^totals: (\d+)", dump.read_text(), re.MULTILINE)[1]) / REQUESTS

    @staticmethod
    def control(program, command):
        subprocess.run(["callgrind_control", command, str(program.process.pid)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)


def measure(bench, kinds):
    """`kinds` are names of what is asked for, and what makes a path of a certname."""
    callgrind = Callgrind(bench.directory)
    fleet = Fleet(MACHINES)
    service = Headwater(
        callgrind.directory / "service", prefix=callgrind.prefix, binary=callgrind.program(PROGRAMS / "headwaterd"))
    counts, sizes = {}, {}
    try:
        service.load(fleet)
        for kind, path in kinds.items():
            paths = [path(name) for name in fleet.certnames]
            sizes[kind] = round(statistics.mean(len(service.client.ask("GET", one)) for one in paths))
            counts[kind] = callgrind.count(service, service.port, service.token, paths)
    finally:
        service.end()
    for kind, path in kinds.items():
        bare = Bare(bench.directory, sizes[kind], prefix=callgrind.prefix)
        try:
            least = callgrind.count(bare, bare.port, service.token, [path(name) for name in fleet.certnames])
        finally:
            bare.end()
        ours = counts[kind]
        bench.report.add(
            f"GET {kind}: instructions a request", "", f"{ours:,.0f}, bare {least:,.0f}: {ours - least:,.0f} more",
            ours / least)
