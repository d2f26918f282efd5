"""Runs a program, and then says on a line of its own what that took: seconds, seconds of processors, bytes of memory.

It stands by itself because what the system tells of a program's memory is no less than that of who started it
(getrusage(2)), and the benchmark holds a whole fleet.
"""

import os
import subprocess
import sys
import time

begin = time.monotonic()
process = subprocess.Popen(sys.argv[1:])
_, status, used = os.wait4(process.pid, 0)
print(f"SPENT {time.monotonic() - begin} {used.ru_utime + used.ru_stime} {used.ru_maxrss * 1024}", flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
