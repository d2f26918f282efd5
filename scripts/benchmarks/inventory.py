"""Ansible's inventory after a change at the root, against the same bytes from memory, and against reclass-rs."""

import json
import shutil
import statistics
import subprocess
import time

from programs import Bare, Client, Headwater, environment


PLAIN, RACK, REFERRED = "at /", "of a rack", "at / for which every machine is computed anew"
CHANGES = {PLAIN: 3, RACK: None, REFERRED: None}


def measure(bench, fleet):
    service = Headwater(bench.directory / "inventory", pinned=False)
    inventory = {what: [] for what in CHANGES}
    used, names, memory = [], [], []
    rack = fleet.paths[0].rpartition("/")[0]
    try:
        service.load(fleet)
        bare = Bare(bench.directory, len(service.client.ask("GET", "/ansible")))
        client = Client(bare.port)
        for turn in range(max(bench.rounds, 9)):
            for what, path, key in (PLAIN, "/", "revision"), (RACK, rack, "pdu"), (REFERRED, "/", "port"):
                service.client.json("PATCH", f"/v1/tree{path}", {"vars": {key: 9000 + turn}})
                before = service.seconds
                inventory[what].append(service.client.timed("GET", "/ansible"))
                if what == REFERRED: used.append(service.seconds - before)
            names.append(service.client.timed("GET", "/ansible?vars=none"))
            memory.append(client.timed("GET", "/"))
        body = service.client.ask("GET", "/ansible")
        bare.end()
    finally:
        service.end()
    assert len(json.loads(body)["_meta"]["hostvars"]) == fleet.machines
    memory = statistics.median(memory)
    seconds = {what: statistics.median(times) for what, times in inventory.items()}
    for what, goal in CHANGES.items():
        row = f"GET /ansible, {fleet.machines:,} machines, after a change {what}: of the bytes from memory"
        figure = f"{seconds[what]:.3f} s of {memory:.3f} s, {len(body) / 1e6:.1f} MB"
        bench.report.at_most(row, goal, seconds[what] / memory, figure)
    bench.report.add(f"GET /ansible?vars=none, {fleet.machines:,} machines", "", f"{statistics.median(names):.3f} s")
    reclass(bench, fleet, seconds[REFERRED], statistics.median(used))


def reclass(bench, fleet, ours, used):
    """reclass-rs renders the same tree: a class for each folder, a node for each machine."""
    programs = environment(bench.root, "reclass-rs==0.11.0")
    if programs is None:
        bench.report.note("reclass-rs could not be installed from PyPI and was not measured")
        return
    place = bench.directory / "reclass"
    write(place, fleet)
    program = (
        "import sys, time, reclass_rs\n"
        "reclass_rs.Reclass.set_thread_count(0)\n"
        f"begin = time.monotonic()\n"
        f"reclass = reclass_rs.Reclass(inventory_path={str(place)!r}, nodes_path='nodes', classes_path='classes', ignore_class_notfound=False)\n"
        "inventory = reclass.inventory()\n"
        "print(time.monotonic() - begin, time.process_time(), len(inventory.nodes))\n")
    answer = subprocess.run([programs / "python", "-c", program], capture_output=True, text=True)
    if answer.returncode != 0:
        bench.report.note(f"reclass-rs failed: {answer.stderr.strip().splitlines()[-1]}")
        return
    seconds, processors, nodes = answer.stdout.split()
    assert int(nodes) == fleet.machines
    what = f"all of {fleet.machines:,} machines computed and written"
    ratio = float(seconds) / ours
    bench.report.at_least(f"{what}: reclass-rs takes", 50, ratio, f"{float(seconds):.1f} s against {ours:.2f} s")
    bench.report.add(
        f"{what}: reclass-rs takes, of processors", "", f"{float(processors):.1f} s against {used:.2f} s",
        float(processors) / max(used, 0.01))


def write(place, fleet):
    """JSON is YAML: the definitions' variables and classes, with references in reclass's spelling."""
    shutil.rmtree(place, ignore_errors=True)
    for entry in fleet.entries:
        definition = entry["definition"]
        above = parents(entry["path"])
        classes = ([class_of(above[-1])] if above else [])
        parameters = dict(definition.get("vars", {}))
        for key in ("hardware", "nics", "networks", "pools"):
            if key in definition: parameters[key] = definition[key]
        if entry["kind"] == "vm":
            name = ".".join(reversed(entry["path"].strip("/").split("/"))) + ".fleet.example"
            classes.append("prototype." + definition["prototype"])
            file = place / "nodes" / f"{name}.yml"
        else:
            file = place / "classes" / (class_of(entry["path"]).replace(".", "/") + ".yml")
        put(file, classes, definition, parameters)
        for prototype, part in definition.get("prototypes", {}).items():
            put(place / "classes/prototype" / f"{prototype}.yml", [], part, dict(part.get("vars", {})))


def put(file, classes, definition, parameters):
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({
        "classes": classes, "applications": definition.get("puppet", {}).get("classes", []), "parameters": parameters,
    })
    file.write_text(text.replace("${{ self.certname }}", "${_reclass_:name:full}").replace("${{ self.name }}", "${_reclass_:name:short}")
                    .replace("${{ vars.", "${").replace(" }}", "}"))


def class_of(path):
    return ".".join(["tree"] + [part for part in path.strip("/").split("/") if part])


def parents(path):
    if path == "/": return []
    parts = path.strip("/").split("/")
    return ["/"] + ["/" + "/".join(parts[:count]) for count in range(1, len(parts))]
