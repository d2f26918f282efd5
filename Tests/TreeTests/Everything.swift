import OrderedCollections
import Tree

/// A definition with every key that a machine's may hold.
let everything: Map = [
    "hypervisor": "lab", "image": "debian-12", "machine": "pc-i440fx-7.2", "firmware": "uefi",
    "disks": [
        "root": [
            "size": "20GiB", "image": "debian-12", "mode": "overlay", "pool": "vms", "bus": "virtio", "format": "qcow2",
        ]
    ],
    "hardware": ["cpus": 2, "memory": 2_147_483_648],
    "nics": [
        "eth0": [
            "network": "lab", "model": "virtio", "mac": "52:54:00:12:34:5F", "ipv4": ["10.0.0.7/24"],
            "ipv6": ["2001:db8::7"],
        ]
    ],
    "cdroms": ["rescue": ["image": "ipxe"]],
    "boot": ["disk", "cdrom", "network"],
    "limits": ["cpu_shares": 1024],
    "autostart": true, "wanted": ["state": "running", "keep": true],
    "vars": ["anything": [.null, true, 1, 1.5, "x", ["a.b": [:]]], "profile::web::port": 80],
    "puppet": [
        "classes": ["profile::web": ["port": 80]], "environment": "production",
        "lookup_options": ["a": ["merge": "deep"]],
        "interpolate": false,
    ],
    "ansible": ["groups": ["web_servers"], "templates": true, "user": "root", "port": 22],
    "salt": ["states": ["base"], "environment": "base"],
    "certname": "web.example.org", "domain": "example.org", "note": "über alles",
    "access": [
        "managers": ["ana", "@teachers"], "users": [], "readers": ["@puppet"], "may": ["user": ["start", "stop"]],
    ],
    "hypervisors": [
        "lab": ["driver": "libvirt", "uri": "test:///default", "concurrency": 4, "latency": 0.2, "faults": 0]
    ],
    "images": ["debian-12": ["file": "/srv/d.qcow2", "pool": "p", "volume": "v", "format": "qcow2", "size": "2G"]],
    "networks": ["lab": ["network": "default", "bridge": "br0"]],
    "pools": ["vms": ["pool": "default", "path": "/srv/vms"]],
]
