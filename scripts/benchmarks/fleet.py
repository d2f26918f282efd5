"""A fleet of machines, made up from a seed: the same number gives the same tree.

Four levels above a machine, as an estate has them: the estate, a site, a service, a rack of up to 25 machines. The root
says most, each level below less, and a machine what only it can know: its address, its serial number, what it is for.
"""

import json
import random

RACK = 25
SERVICES = ["shop", "search", "mail", "build", "store", "edge", "auth", "metrics"]
ROLES = ["web", "database", "worker"]


class Fleet:
    """The entries of a fleet, parents before children, and the names that tools know its machines by."""

    def __init__(self, machines, seed=4711):
        self.random = random.Random(seed)
        self.machines = machines
        self.entries = [entry("/", "folder", root())]
        self.certnames = []
        self.paths = []
        racks = -(-machines // RACK)
        sites = max(1, min(10, racks // 8))
        known = set()
        for number in range(racks):
            site, service = number % sites, SERVICES[number // sites % len(SERVICES)]
            self.folder(known, f"/site-{site}", self.site(site))
            self.folder(known, f"/site-{site}/{service}", self.service(service))
            rack = f"/site-{site}/{service}/rack-{number:04}"
            self.folder(known, rack, self.rack(number))
            for slot in range(min(RACK, machines - number * RACK)):
                self.machine(rack, number, slot)

    def folder(self, known, path, definition):
        if path not in known:
            known.add(path)
            self.entries.append(entry(path, "folder", definition))

    def machine(self, rack, number, slot):
        role = self.random.choice(ROLES)
        path = f"{rack}/{role}-{slot:02}"
        self.entries.append(entry(path, "vm", self.local(role, number, slot)))
        self.paths.append(path)
        self.certnames.append(".".join(reversed(path.strip("/").split("/"))) + ".fleet.example")

    def local(self, role, number, slot):
        definition = {
            "prototype": role,
            "nics": {"eth0": {"ipv4": [f"10.{number // 250}.{number % 250}.{slot + 10}/24"]}},
            "vars": {
                "serial": f"{self.random.getrandbits(48):012x}",
                "asset": {"owner": self.random.choice(["ops", "shop", "data"]), "bought": f"20{number % 7 + 19}-0{slot % 9 + 1}"},
                "weight": self.random.randint(1, 100),
            },
        }
        if slot % 5 == 0:
            definition["vars"]["maintenance"] = {"day": self.random.choice(["mon", "tue", "wed"]), "hour": slot % 24}
        if slot % 8 == 0:
            definition["hardware"] = {"cpus": 2 + slot % 4 * 2}
        return definition

    def site(self, number):
        return {
            "vars": {
                "site": f"site-{number}",
                "region": ["north", "south", "west"][number % 3],
                "proxy": f"http://proxy.site-{number}.fleet.example:3128",
                "syslog": {"host": f"log.site-{number}.fleet.example", "port": 6514, "protocol": "tls"},
            },
            "merge": {"vars.ntp_servers": "prepend"},
        }

    def service(self, name):
        return {
            "vars": {
                "service": name,
                "contact": f"{name}@fleet.example",
                "firewall": {"allow": [{"port": 443, "from": "10.0.0.0/8"}, {"port": 8000 + len(name), "from": "10.0.0.0/16"}]},
                "ntp_servers": [f"ntp.{name}.fleet.example"],
            },
            "puppet": {"classes": [f"profile::{name}"]},
            "ansible": {"groups": [f"service_{name}"]},
        }

    def rack(self, number):
        return {"vars": {"rack": number, "gateway": f"10.{number // 250}.{number % 250}.1", "pdu": f"pdu-{number:04}"}}

    @property
    def local_bytes(self):
        """The bytes of what was written at the machines, as compact JSON."""
        return sum(len(compact(e["definition"])) for e in self.entries if e["kind"] == "vm")


def root():
    return {
        "domain": "fleet.example",
        "hypervisor": "lab",
        "hypervisors": {"lab": {"driver": "memory"}},
        "networks": {"lan": {"network": "default"}},
        "pools": {"disks": {"pool": "default"}},
        "nics": {"eth0": {"network": "lan", "model": "virtio"}},
        "hardware": {"cpus": 2, "memory": "2GiB"},
        "vars": {
            "ntp_servers": ["ntp-1.fleet.example", "ntp-2.fleet.example"],
            "dns": {"servers": ["10.0.0.53", "10.0.1.53"], "search": ["fleet.example", "corp.example"]},
            "url": "https://${{ self.certname }}:${{ vars.port }}/",
            "motd": "This is ${{ self.name }} of ${{ vars.site }}, for ${{ vars.service }}.",
            "port": 8080,
            "timezone": "Europe/Madrid",
            "users": [{"name": name, "uid": 2000 + uid, "shell": "/bin/bash", "groups": ["wheel", "ops"]} for uid, name in enumerate(["ana", "bo", "carla", "dimitri"])],
            "packages": ["curl", "vim", "tmux", "htop", "rsync", "chrony", "rsyslog"],
            "sysctl": {"net.core.somaxconn": 4096, "vm.swappiness": 10, "fs.file-max": 500000},
            "revision": 0,
        },
        "puppet": {"classes": ["profile::base", "ntp"], "environment": "production"},
        "salt": {"states": ["base", "users"]},
        "prototypes": {
            "web": {"vars": {"role": "web", "port": 443, "workers": 8}, "puppet": {"classes": ["nginx"]}, "ansible": {"groups": ["webservers"]}},
            "database": {"vars": {"role": "database", "port": 5432, "shared_buffers": "1GiB"}, "puppet": {"classes": ["postgresql::server"]}, "hardware": {"memory": "8GiB"}},
            "worker": {"vars": {"role": "worker", "queue": "default"}, "puppet": {"classes": ["profile::worker"]}},
        },
    }


def entry(path, kind, definition):
    return {"path": path, "kind": kind, "definition": definition}


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
