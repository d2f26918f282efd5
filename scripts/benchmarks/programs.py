"""Starts what is measured and what it is compared with, on the loopback, and ends it again."""

import atexit
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("PROGRAMS", ROOT / ".build/release"))

# The servers get every processor but the last, which the load has to itself: left to the kernel, they take turns in each
# other's way, and all figures swing.
LAST = str(os.cpu_count() - 1)
SERVERS = ["taskset", "-c", f"0-{max(os.cpu_count() - 2, 0)}"]


def need(*names):
    """Ends everything, before it begins, if a program is missing."""
    who = pathlib.Path(sys.argv[0]).name
    if not (PROGRAMS / "headwaterd").exists():
        sys.exit(f"{who}: there is no {PROGRAMS / 'headwaterd'}; make build makes it")
    if missing := sorted(name for name in set(names) if shutil.which(name) is None):
        sys.exit(f"{who}: {', '.join(missing)} cannot be found; scripts/setup bench installs it")


def setting(name, otherwise):
    """A number from the environment."""
    text = os.environ.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 10_000_000):
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {name}={text}: expected a number from 1 to 10000000")
    return int(text)


def environment(root, requirement):
    """The programs of a virtual environment with one package from PyPI; nothing if that cannot be reached."""
    place = root / ".state" / requirement.split("=")[0]
    programs = place / "bin"
    if not (place / "installed").exists():
        shutil.rmtree(place, ignore_errors=True)
        install = [programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", requirement]
        try:
            subprocess.run([sys.executable, "-m", "venv", place], check=True, capture_output=True)
            subprocess.run(install, check=True, capture_output=True, timeout=120)
        except (subprocess.SubprocessError, OSError):
            return None
        (place / "installed").touch()
    return programs


class Program:
    """A running program, ended by its own process number; to end it twice does no harm."""

    def __init__(self, command, directory, name, **options):
        self.log = open(directory / f"{name}.log", "w+")
        self.process = subprocess.Popen(command, stderr=self.log, stdout=subprocess.PIPE, text=True, **options)
        # Whatever goes wrong before it is ended.
        atexit.register(self.end)

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise RuntimeError(f"{self.process.args[0]} ended before it listened:\n{self.log.read()[-2000:]}")
        return line.strip()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def status(self, name):
        """A line of proc_pid_status(5), in bytes."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        return 0

    @property
    def seconds(self):
        """The processor time it took so far, of proc_pid_stat(5)."""
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Headwater(Program):
    """The service under test."""

    def __init__(self, state, pinned=True, prefix=[], binary=PROGRAMS / "headwaterd"):
        command = prefix + [binary, "serve", "--listen", "127.0.0.1:0", "--state", state]
        begin = time.monotonic()
        super().__init__((SERVERS if pinned else []) + command, state.parent, state.name, stdin=subprocess.DEVNULL)
        self.url = self.line().removeprefix("listening on ")
        self.startup, self.startup_used = time.monotonic() - begin, self.seconds
        self.state = state
        self.port = int(self.url.rsplit(":", 1)[1])
        self.token = (state / "admin.token").read_text().strip()
        self.client = Client(self.port, self.token)

    def load(self, fleet, part=20_000):
        """Writes a fleet, in parts that fit in a request's body."""
        for start in range(0, len(fleet.entries), part):
            self.client.json("POST", "/v1/apply", {"entries": fleet.entries[start:start + part]})

    @contextlib.contextmanager
    def unpinned(self):
        """Gives it every processor, where the load needs next to nothing."""
        own = os.sched_getaffinity(self.process.pid)
        self.run_on(range(os.cpu_count()))
        try:
            yield
        finally:
            self.run_on(own)

    def run_on(self, processors):
        """Has all threads that there are run on these processors only."""
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with contextlib.suppress(ProcessLookupError): os.sched_setaffinity(int(task), processors)

    def figure(self, name):
        """A figure of /metrics."""
        for line in self.client.ask("GET", "/metrics").decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise RuntimeError(f"/metrics has no {name}")


class Client:
    """One kept connection; another when it was idle for so long that the server may have closed it."""

    IDLE = 30

    def __init__(self, port, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.last = time.monotonic()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method, path, body=None, headers={}):
        if time.monotonic() - self.last > Client.IDLE: self.connection.close()
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        content = answer.read()
        self.etag = answer.getheader("ETag")
        self.last = time.monotonic()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:500].decode(errors='replace')}")
        return content

    def json(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        content = self.ask(method, path, data, {"Content-Type": "application/json"})
        return json.loads(content) if content else None

    def timed(self, method, path, body=None):
        """The seconds that an answer takes to its last byte."""
        data = None if body is None else json.dumps(body).encode()
        begin = time.monotonic()
        self.ask(method, path, data, {"Content-Type": "application/json"})
        return time.monotonic() - begin


class Bare(Program):
    """libmicrohttpd by itself: answers SIZE bytes to everything."""

    def __init__(self, directory, size, prefix=[]):
        binary = directory / "bare"
        if not binary.exists():
            flags = subprocess.check_output(["pkg-config", "--cflags", "--libs", "libmicrohttpd"], text=True).split()
            subprocess.check_call(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", binary, ROOT / "scripts/bare.c", *flags])
        super().__init__(SERVERS + prefix + [binary, str(size)], directory, f"bare-{size}", stdin=subprocess.PIPE)
        self.port = int(self.line())
        self.url = f"http://127.0.0.1:{self.port}"

    def end(self):
        self.process.stdin.close()
        super().end()


class Nginx(Program):
    """nginx with one file of SIZE bytes."""

    def __init__(self, directory, size):
        place = directory / "nginx"
        place.mkdir(exist_ok=True)
        (place / "file").write_bytes(b"x" * size)
        self.port = free_port()
        # Started by root, its workers would be somebody who may not read the file.
        owner = "user root; " if os.geteuid() == 0 else ""
        (place / "nginx.conf").write_text(
            f"{owner}daemon off; worker_processes {max(os.cpu_count() - 1, 1)}; pid {place}/pid; error_log {place}/error.log;\n"
            "events {}\n"
            f"http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {place}/body;"
            f" proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi;"
            f" scgi_temp_path {place}/scgi; open_file_cache max=10;"
            f" server {{ listen 127.0.0.1:{self.port}; root {place}; rewrite ^ /file break; }} }}\n")
        super().__init__(SERVERS + ["nginx", "-p", place, "-c", place / "nginx.conf"], directory, "nginx")
        self.url = f"http://127.0.0.1:{self.port}"
        for _ in range(100):
            with contextlib.suppress(OSError):
                Client(self.port).ask("GET", "/file")
                return
            time.sleep(0.05)
        raise RuntimeError("nginx does not answer")

    @staticmethod
    def is_installed():
        return shutil.which("nginx") is not None


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
