"""What Ansible waits for, with the plugins of plays/ and with inventories that it reads from files.

An ad-hoc task on one machine is held against a file of as many bare names, the least that an inventory can be; a play over all
machines against a YAML file with the same groups and variables, which is what a site without a server has.
"""

import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys

from programs import Headwater, environment

PLAY = """\
- hosts: all
  gather_facts: false
  connection: local
  tasks: [{ansible.builtin.debug: {msg: "{{ motd }} {{ asset.owner }} {{ headwater.path }}"}}]
"""
SPENT = pathlib.Path(__file__).with_name("spent.py")
TO_YAML = "import json, sys, yaml; yaml.dump(json.load(sys.stdin), sys.stdout, getattr(yaml, 'CSafeDumper', yaml.SafeDumper))"


def measure(bench, one, all):
    """- Parameters: the fleet of which one machine is asked for, and the one that a play goes over."""
    programs = bench.root / ".venv/bin"
    if not (programs / "ansible").exists(): programs = environment(bench.root, "ansible-core==2.19.14")
    if programs is None:
        bench.report.note("ansible-core is not in .venv, could not be installed from PyPI, and was not measured")
        return
    for fleet, part in ((one, ad_hoc), (all, play)):
        service = Headwater(bench.directory / f"ansible-{part.__name__}", pinned=False)
        try:
            service.load(fleet)
            part(bench, Ansible(bench, service, programs), fleet)
        finally:
            service.end()


def ad_hoc(bench, ansible, fleet):
    names = ansible.place / "names.ini"
    names.write_text("\n".join(fleet.certnames) + "\n")
    task = ["ansible", "-c", "local", "-m", "debug", "-a", "msg=here", fleet.certnames[-1]]
    turns = max(bench.rounds, 3) + 2 * (not bench.quick)
    pairs = [(ansible.run(task, None, 1), ansible.run(task, names, 1)) for _ in range(turns)]
    report(bench, f"ansible -m debug on one of {fleet.machines:,} hosts: of as many names", 1.2, pairs)


def play(bench, ansible, fleet):
    static = ansible.place / "static.yaml"
    static.write_text(ansible.yaml(as_file(ansible.service.client.json("GET", "/ansible"))))
    (ansible.place / "play.yml").write_text(PLAY)
    task = ["ansible-playbook", ansible.place / "play.yml"]
    pairs = []
    for _ in range(bench.rounds):
        pairs.append((ansible.run(task, None, fleet.machines), ansible.run(task, static, fleet.machines)))
    report(bench, f"a play over {fleet.machines:,} hosts: of a YAML inventory", 1, pairs)


def as_file(listed):
    """The answer to --list as an inventory file has it."""
    hostvars = listed.pop("_meta")["hostvars"]
    children = {}
    for name, group in listed.items():
        if name == "all": continue
        children[name] = {"hosts": dict.fromkeys(group["hosts"], {}), "children": dict.fromkeys(group.get("children", []), {})}
    return {"all": {"hosts": hostvars, "children": children}}


def report(bench, what, goal, pairs):
    """Pairs of (seconds, processors', bytes), ours first."""
    one, other = ([statistics.median(column) for column in zip(*side)] for side in zip(*pairs))
    ratio = statistics.median(ours[0] / theirs[0] for ours, theirs in pairs)
    bench.report.at_most(what, goal, ratio, f"{one[0]:.2f} s of {other[0]:.2f} s")
    figure = f"{one[1]:.2f} s of {other[1]:.2f} s, {one[2] / 1e6:.0f} MB of {other[2] / 1e6:.0f} MB"
    bench.report.add(f"{what}, processors and memory", "", figure, one[1] / other[1])


class Ansible:
    """Ansible's programs, with homes of their own."""

    def __init__(self, bench, service, programs):
        self.service, self.programs = service, programs
        self.place = bench.directory / f"{service.state.name}-files"
        self.place.mkdir()
        (self.place / "empty.cfg").touch()
        self.plays = bench.root / "plays"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "HEADWATER_"))}
        self.environment |= {"ANSIBLE_HOME": self.place, "LC_ALL": "C.UTF-8"}

    def run(self, task, file, hosts):
        """Runs a task with the inventory of a file, or with Headwater's; the seconds it takes, of processors too, and its memory.

        What the service computes for it counts as Ansible's.
        """
        if file is None:
            own = {"ANSIBLE_CONFIG": self.plays / "ansible.cfg", "HEADWATER_URL": self.service.url, "HEADWATER_TOKEN": self.service.token,
                   "HEADWATER_CONF": "/dev/null"}
            inventory = self.plays / "inventory/headwater.yml"
        else:
            own, inventory = {"ANSIBLE_CONFIG": self.place / "empty.cfg"}, file
        command = [sys.executable, SPENT, self.programs / task[0], "-i", inventory, *task[1:]]
        before = self.service.seconds
        with open(self.place / "output", "w+") as output:
            process = subprocess.Popen(
                command, env=self.environment | own, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True)
            try:
                process.wait()
            finally:
                if process.returncode is None: os.killpg(process.pid, signal.SIGKILL)
            output.seek(0)
            said = output.read()
        text, _, spent = said.rpartition("SPENT ")
        done = text.count("| SUCCESS =>") + text.count(" ok=1 ")
        if process.returncode != 0 or done != hosts:
            raise RuntimeError(f"{task[0]} ended with {process.returncode} and {done} of {hosts} hosts:\n{said[-2000:]}")
        seconds, processors, memory = map(float, spent.split())
        return seconds, processors + self.service.seconds - before, memory

    def yaml(self, document):
        """A document as YAML, by the library that Ansible itself reads it with."""
        return subprocess.run([self.programs / "python", "-c", TO_YAML], input=json.dumps(document), check=True, capture_output=True, text=True).stdout
