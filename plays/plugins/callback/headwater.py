"""Says at the end of a run from which revision of its data each machine was configured."""

from __future__ import annotations

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: headwater
type: aggregate
short_description: Shows the revision of Headwater's data that each machine was configured from
description:
  - After the recap it lists C(headwater.revision) of the machines that the run touched, as it was when the first task
    on each began. Of the revision that most of very many share it says how many they are.
requirements:
  - callbacks_enabled = headwater
"""


MANY = 50  # so many names are still read


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "headwater"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        self.play = None
        self.revisions = {}

    def v2_playbook_on_play_start(self, play):
        self.play = play

    def v2_runner_on_start(self, host, task):
        name = host.get_name()
        if name in self.revisions:
            return
        values = self.play.get_variable_manager().get_vars(play=self.play, host=host, task=task)
        self.revisions[name] = (values.get("headwater") or {}).get("revision")

    def v2_playbook_on_stats(self, stats):
        machines = {}
        for name, revision in self.revisions.items():
            if revision is not None:
                machines.setdefault(revision, []).append(name)
        if not machines:
            return
        most = max(machines, key=lambda revision: len(machines[revision]))
        self._display.banner("HEADWATER REVISIONS")
        for revision, names in sorted(machines.items()):
            text = ", ".join(sorted(names))
            if revision == most and len(names) > MANY:
                text = f"all {len(names)} " + ("others" if len(machines) > 1 else "machines")
            self._display.display(f"r{revision}: {text}")
