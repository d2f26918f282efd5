"""What was measured against what was to be reached: as a table and as JSON."""

import dataclasses
import json
import os
import platform
import sys
import time

VERDICTS = {True: "holds", False: "misses", None: "—"}


@dataclasses.dataclass
class Row:
    what: str
    goal: str
    figure: str
    ratio: float | None
    holds: bool | None
    """None where there is nothing to be held to."""

    @property
    def cells(self):
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}" if self.ratio < 100 else f"{self.ratio:.0f}"
        return [self.what, self.goal, self.figure, ratio, VERDICTS[self.holds]]


class Report:
    def __init__(self, quick):
        self.rows = []
        self.curves = {}
        self.notes = []
        self.quick = quick
        self.begin = time.monotonic()

    def at_least(self, what, goal, ratio, figure):
        self.add(what, f"≥ {goal:g}", figure, ratio, ratio >= goal)

    def at_most(self, what, goal, ratio, figure):
        """- Parameter goal: None if there is none."""
        if goal is None: return self.add(what, "", figure, ratio)
        self.add(what, f"≤ {goal:g}", figure, ratio, ratio <= goal)

    def add(self, what, goal, figure, ratio=None, holds=None):
        self.rows.append(Row(what, goal, figure, ratio, holds))
        self.say(f"{self.rows[-1].what}: {figure} ({VERDICTS[holds]})")

    def note(self, text):
        self.notes.append(text)
        self.say(text)

    def say(self, text):
        print(f"[{time.monotonic() - self.begin:5.0f} s] {text}", file=sys.stderr, flush=True)

    def curve(self, name, size, seconds):
        self.curves.setdefault(name, []).append([size, seconds])

    def table(self):
        rows = [["what", "goal", "figure", "ratio", "verdict"]] + [row.cells for row in self.rows]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = []
        for row in rows:
            texts = [text.rjust(width) if column == 3 else text.ljust(width) for column, (text, width) in enumerate(zip(row, widths))]
            lines.append("  ".join(texts).rstrip())
        lines.insert(1, "  ".join("─" * width for width in widths))
        return "\n".join(lines + [""] + self.notes)

    def json(self):
        machine = {"processors": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()}
        document = {
            "quick": self.quick, "machine": machine, "rows": [dataclasses.asdict(row) for row in self.rows],
            "curves": self.curves, "notes": self.notes,
        }
        return json.dumps(document, indent=2, ensure_ascii=False)
