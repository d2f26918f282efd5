"""The machines, groups and variables of a Headwater server, as an Ansible inventory plugin."""

from __future__ import annotations

import difflib
import functools
import hashlib
import json
import pathlib
import types

from ansible import constants, context
from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.plugins.loader import vars_loader
from ansible.utils.display import Display

DOCUMENTATION = """
name: headwater
short_description: Headwater inventory source
description:
  - Takes the machines of a Headwater server with the groups of their folders, states and hypervisors.
  - By default the list is lean - names and groups; the vars plugin C(headwater) fetches all
    variables once for a run and decodes those of the machines that are asked for.
  - The configuration file is called C(headwater.yml) or C(NAME.headwater.yml).
extends_documentation_fragment:
  - constructed
  - inventory_cache
options:
  plugin:
    description: Says that the file is meant for this plugin.
    required: true
    choices: [headwater]
  url:
    description: The server. Without it C(url) in the file that O(conf) names, or C(http://127.0.0.1:8470).
    env: [{name: HEADWATER_URL}]
  token:
    description: A token that may read the folder. Better kept in the environment or in the file that O(conf) names.
    env: [{name: HEADWATER_TOKEN}]
  ca:
    description: A PEM file of the authorities to trust. Without it C(ca) in the file that O(conf) names, or the system's.
    env: [{name: HEADWATER_CA}]
  cert:
    description: A PEM file of a client certificate, in place of a token.
  key:
    description: A PEM file of the certificate's key, if that is not in O(cert).
  timeout:
    description: Seconds for a whole answer; without it 60 for a list and 5 for one machine. To connect there are 5 at most.
    type: float
    env: [{name: HEADWATER_TIMEOUT}]
  conf:
    description: >-
      A file with KEY=VALUE lines for url, token, ca, cert and key. Without it the first of
      ~/.config/headwater/client.conf and /etc/headwater/client.conf that is there.
    env: [{name: HEADWATER_CONF}]
  folder:
    description: Only the machines below this folder, such as C(/courses/so).
    env: [{name: HEADWATER_FOLDER}]
  selector:
    description: Only these machines, such as C(state=running,vars.role in (web,db)).
    env: [{name: HEADWATER_SELECTOR}]
  broken:
    description:
      - Machines whose definition is broken are left out of the list. C(warn) says which and why, C(refuse) fails.
    choices: [warn, refuse]
    default: warn
    env: [{name: HEADWATER_BROKEN}]
  vars:
    description:
      - When the variables come - C(on_demand), by the vars plugin, or C(all), with the list.
      - Where O(compose), O(groups) or O(keyed_groups) are set they come with the list, because these read them.
    choices: [on_demand, all]
    default: on_demand
"""

EXAMPLES = """
plugin: headwater
folder: /courses/so
selector: state=running
keyed_groups:
  - {key: role, prefix: role}
"""


def load_client():
    """The inventory script, which holds the client; it is no module by its name, and no bytecode is kept of it."""
    path = pathlib.Path(__file__).resolve().parents[2] / "inventory" / "headwater"
    client = types.ModuleType("headwater_client")
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), client.__dict__)
    except OSError as error:
        raise AnsibleParserError(f"the headwater plugin needs the script {path}: {error.strerror}") from error
    return client


client = load_client()

try:  # ansible-core 2.19, where a string is a template only if it is marked as one
    from ansible.module_utils.common.json import get_decoder
    from ansible.template import trust_as_template

    LIST_DECODER, HOST_DECODER = get_decoder("inventory_legacy"), get_decoder("legacy")
except ImportError:
    from ansible.parsing.ajson import AnsibleJSONDecoder

    LIST_DECODER = HOST_DECODER = AnsibleJSONDecoder

    def trust_as_template(text):
        return text


def decode(text, decoder):
    """Values as the inventory script's are: what the server marks as unsafe is not evaluated, the rest may be."""
    return json.loads(trust_as_template(text), cls=decoder)


def warn(lines):
    for line in lines:
        Display().warning(f"headwater: {line}")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "headwater"

    def verify_file(self, path):
        name = pathlib.Path(path).name
        return super().verify_file(path) and name.endswith(("headwater.yml", "headwater.yaml"))

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path)
        configuration = self._read_config_data(path)
        self.refuse_unknown(configuration, path)
        reads_variables = any(self.get_option(name) for name in ("compose", "groups", "keyed_groups"))
        is_lean = self.get_option("vars") == "on_demand" and not reads_variables
        try:
            source = self.source(f"token in {path}" if "token" in configuration else "HEADWATER_TOKEN")
            self.fetch(source, is_lean, path, cache)
        except client.Failure as failure:
            raise AnsibleParserError(f"headwater: {failure}") from failure
        earlier = {name: dict(host.vars) for name, host in self.inventory.hosts.items()}
        # Ansible's decoder is slow, and marks values only: a lean list has none.
        document = json.loads(source.inventory) if is_lean else decode(source.inventory, LIST_DECODER)
        variables = document.pop("_meta")["hostvars"]
        self.fill(document, variables)
        if is_lean:
            self.hand_over(source, path, variables.keys(), earlier)

    def refuse_unknown(self, settings, path):
        """Ansible passes over what it does not know: with `foldr` for `folder` a play would go over all machines."""
        known = constants.config.get_configuration_definitions("inventory", self._load_name)
        for name in settings:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean '{near[0]}'?" if near else "ansible-doc -t inventory headwater lists what there is"
                raise AnsibleParserError(f"headwater: {path}: unknown option '{name}'; {hint}")

    def source(self, origin):
        """The server and what to ask of it, from the options, the environment and the file `conf`."""
        warn(client.misspelt())
        names = ("url", "token", "ca", "cert", "key", "timeout", "conf")
        settings = client.read_settings({name: self.get_option(name) for name in names}, origin)
        wanted = {name: self.get_option(name) for name in ("folder", "selector")}
        return Source(settings, {k: v for k, v in wanted.items() if v}, self.get_option("broken"))

    def fetch(self, source, is_lean, path, cache):
        """The list, or what Ansible's cache holds of it; a list in the cache has its variables beside it."""
        wants_cache = self.get_option("cache")
        # A list that was fetched with other words for what is left out is none to take.
        key = f"{self.get_cache_key(path)}_{source.digest}_{'lean' if is_lean else 'all'}_{source.broken}"
        if wants_cache and cache and key in self._cache:
            source.inventory, source.lines, left_out = self._cache[key]
        else:
            left_out = source.fetch_inventory("none" if is_lean else "all")
            if wants_cache:
                if is_lean:
                    left_out = left_out + source.fetch_lines()
                self._cache[key] = [source.inventory, source.lines, left_out]
        warn(left_out)

    def fill(self, document, variables):
        for name in document:
            self.inventory.add_group(name)
        for name, members in document.items():
            for child in members.get("children", []):
                self.inventory.add_child(name, child)
        hosts = self.inventory.hosts
        for name, members in document.items():
            group = self.inventory.groups[name]
            for host in members.get("hosts", []):
                if host in hosts:
                    # Most are in several groups; the inventory's own call is slow, and does no more for these.
                    group.add_host(hosts[host])
                else:
                    self.inventory.add_host(host, name)
        strict = self.get_option("strict")
        for host, values in variables.items():
            for key, value in values.items():
                self.inventory.set_variable(host, key, value)
            self._set_composite_vars(self.get_option("compose"), values, host, strict)
            self._add_host_to_composed_groups(self.get_option("groups"), values, host, strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), values, host, strict)

    def hand_over(self, source, path, hosts, earlier):
        """To the vars plugin, which answers for the variables of the hosts.

        Ansible loads its vars plugins, of which one is for group_vars and host_vars, when it first needs variables, and only
        if none of them was asked for until then. So all are loaded here, in Ansible's own order: what is in host_vars goes
        before what Headwater says.
        """
        list(vars_loader.all(class_only=True))
        for name in filter(None, constants.VARIABLE_PLUGINS_ENABLED):
            vars_loader.get(name)
        plugin = vars_loader.get("headwater")
        if plugin is None:
            raise AnsibleParserError(
                "headwater: the vars plugin headwater is not found; name its folder under vars_plugins in ansible.cfg, "
                f"or say `vars: all` in {path}"
            )
        plugin.serve(source, path, hosts, earlier)


class Source:
    """A server, what is asked of it, and what it answered."""

    Failure = client.Failure
    FEW = 4  # so many machines are asked for one by one before the variables of all are

    def __init__(self, settings, wanted, broken):
        self.settings = settings
        self.wanted = wanted
        self.broken = broken  # what to do where machines are left out: warn or refuse
        self.told = ""  # the server's last warning
        self.inventory = None  # the list, as JSON
        self.lines = None  # the variables, a machine a line, as JSON
        self.asked = 0
        # Who asks decides what is answered; a digest, because the keys of Ansible's cache are no secret.
        identity = [settings.get(key) for key in ("url", "token", "cert")] + sorted(wanted.items())
        self.digest = hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16]

    def fetch_inventory(self, variables):
        """Fetches the list, and returns what there is to say of the machines that it leaves out."""
        answer = client.inventory(self.settings, {**self.wanted, "vars": variables})
        self.inventory = answer.body.decode()
        return self.left_out(answer)

    def fetch_lines(self):
        """Fetches the variables of all, and returns what there is to say of the machines that they leave out."""
        answer = client.lines(self.settings, self.wanted)
        left_out = self.left_out(answer)
        self.lines = answer.body.decode()
        return left_out

    def left_out(self, answer):
        """What there is to say of the machines that an answer leaves out, and was not said of the one before."""
        if answer.warning == self.told:
            return []
        limit = (context.CLIARGS.get("subset") or "").replace(":", ",").split(",")
        lines = client.left_out(self.settings, answer, self.broken, asked_for=limit)
        self.told = answer.warning
        return lines

    @functools.lru_cache(maxsize=1000)
    def variables(self, host):
        """The variables of a machine of the list."""
        if self.lines is None and self.asked < self.FEW:
            self.asked += 1
            return self.ask(host)
        line = self.index.get(host)
        # A machine that was broken, renamed or hidden since the list was fetched has no line, nor has one whose state is
        # another than the selector's by now. The server says why, or gives the variables; no play may go on without them.
        return decode(line, HOST_DECODER)["vars"] if line else self.ask(host)

    def ask(self, host):
        return decode(client.host(self.settings, host).body.decode(), HOST_DECODER)

    @functools.cached_property
    def index(self):
        """Each machine's line, not decoded: the name is what stands in the second pair of quotes."""
        if self.lines is None:
            warn(self.fetch_lines())
        return {line.split('"', 4)[3]: line for line in self.lines.splitlines()}
