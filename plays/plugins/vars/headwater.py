"""The variables of Headwater's machines, when a play asks for them."""

from __future__ import annotations

import os

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
    served = []

    def serve(self, source, path, hosts):
        """Gives the variables of `hosts` from a source of the inventory plugin, at the precedence of its file."""
        folder = os.path.realpath(os.path.dirname(path))
        self.served[:] = [entry for entry in self.served if entry[0] != path]
        self.served.append((path, folder, frozenset(hosts), source))

    def get_vars(self, loader, path, entities):
        super().get_vars(loader, path, entities)
        hosts = [entity.name for entity in (entities if isinstance(entities, list) else [entities]) if isinstance(entity, Host)]
        values = {}
        if not self.served or not hosts:
            return values
        folder = os.path.realpath(path)
        for name in hosts:
            for _, place, known, source in self.served:
                if place == folder and name in known:
                    values.update(self.variables(source, name))
        return values

    @staticmethod
    def variables(source, name):
        try:
            return source.variables(name)
        except source.Failure as failure:
            raise AnsibleParserError(f"headwater: {failure}") from failure
