"""The variables of Headwater's machines, when a play asks for them."""

from __future__ import annotations

import functools
import os

from ansible import context
from ansible.errors import AnsibleParserError
from ansible.inventory.host import Host
from ansible.plugins.vars import BaseVarsPlugin

DOCUMENTATION = """
name: headwater
short_description: Variables of the machines that the inventory plugin headwater lists
description:
  - Serves the inventories of the plugin C(headwater) whose C(vars) is C(on_demand); it needs no settings of its own.
  - The first few machines are asked for one by one; then the variables of all are fetched at once, and those of the
    machines that are asked for are decoded.
extends_documentation_fragment:
  - vars_plugin_staging
"""


class VarsModule(BaseVarsPlugin):
    # Of the class, because Ansible makes instances as it likes.
    served = {}

    def serve(self, source, path, hosts, earlier):
        """Gives the variables of `hosts` from a source of the inventory plugin, whose file is at `path`.

        `earlier` is what hosts had from the inventory's other sources before; what they get from those that follow goes
        before ours, as among all sources.
        """
        self.served[path] = Served(source, places(path), frozenset(hosts), earlier)

    def get_vars(self, loader, path, entities):
        super().get_vars(loader, path, entities)
        values = {}
        hosts = [entity for entity in (entities if isinstance(entities, list) else [entities]) if isinstance(entity, Host)]
        for served in self.served.values():
            if hosts and real(path) in served.places:
                for host in hosts:
                    values.update(served.variables(host))
        return values


class Served:
    """Who answers for some hosts, and at which of the folders where Ansible looks for variables."""

    def __init__(self, source, places, names, earlier):
        self.source = source
        self.places = places
        self.names = names
        self.earlier = earlier

    def variables(self, host):
        if host.name not in self.names:
            return {}
        try:
            values = self.source.variables(host.name)
        except self.source.Failure as failure:
            raise AnsibleParserError(f"headwater: {failure}") from failure
        earlier = self.earlier.get(host.name, {})
        later = {name for name, value in host.vars.items() if name not in earlier or earlier[name] is not value}
        return {name: value for name, value in values.items() if name not in later}


def places(path):
    """Where to answer for the hosts of an inventory's file: beside the first source of all, so that host_vars beside any
    source go before; and beside the file itself where it is no source's folder, for plugins that look there.
    """
    own = real(os.path.dirname(path))
    sources = [source for source in context.CLIARGS.get("inventory") or [] if source and os.path.exists(source)]
    folders = [real(source if os.path.isdir(source) else os.path.dirname(source)) for source in sources]
    return {folders[0]} if own in folders else {own, *folders[:1]}


@functools.lru_cache(maxsize=1000)
def real(path):
    return os.path.realpath(path)
