"""Draw docs/house.svg: the folders, what flows between them, and the wall around student code.

python -m docs.house
"""

from __future__ import annotations

from pathlib import Path

PICTURE = Path(__file__).with_name("house.svg")

BOXES = (
    # x, y, width, height, class, title, lines below
    (20, 20, 240, 84, "teacher", "solutions/  lectures/", ("the sources; instructors only",)),
    (330, 20, 200, 84, "tool", "autograder build", ("source → notebook",)),
    (600, 20, 240, 84, "student", "assignments/  lifelong/", ("what students get, by release",)),
    (600, 150, 240, 64, "student", "a student, in Colab", ("fills in, check(…), hands in",)),
    (600, 260, 240, 64, "tool", "collect, ingest", ("bytes → notebook + repairs",)),
    (330, 260, 200, 64, "wall", "sandbox", ("cells run, probes ask",)),
    (20, 260, 240, 64, "teacher", "judges, mistake bank", ("draw inputs, know answers",)),
    (20, 370, 240, 64, "tool", "record", ("one writer: gradebook.db",)),
    (330, 370, 510, 64, "tool", "feedback, report, similar, export", ("what each student, the class and the LMS get",)),
)
ARROWS = (
    # from, to, label, where the label stands
    ((260, 62), (330, 62), "", (0, 0)),
    ((530, 62), (600, 62), "", (0, 0)),
    ((720, 104), (720, 150), "", (0, 0)),
    ((720, 214), (720, 260), "", (0, 0)),
    ((600, 292), (530, 292), "", (0, 0)),
    ((260, 282), (330, 282), "inputs", (295, 274)),
    ((330, 304), (260, 304), "data", (295, 322)),
    ((140, 324), (140, 370), "verdict", (172, 352)),
    ((260, 402), (330, 402), "", (0, 0)),
)
STYLE = """
  text { font: 15px system-ui, sans-serif; fill: #222; } .small { font-size: 13px; } .b { font-weight: 600; }
  rect { stroke: #6b6b6b; stroke-width: 1.5; fill: #f4f4f4; } .student { fill: #e3f1fb; } .teacher { fill: #fdf1d8; }
  .wall { fill: #fbe3d8; stroke: #d55e00; stroke-width: 5; } path { stroke: #6b6b6b; stroke-width: 2; fill: none; }
  .tip { fill: #6b6b6b; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #eee; } rect { fill: #2b2b2b; stroke: #aaa; } .student { fill: #17384d; } .teacher { fill: #4a3a12; }
    .wall { fill: #4d2412; stroke: #ff8c4d; } path { stroke: #bbb; } .tip { fill: #bbb; }
  }
"""
ALT = "The path of a submission: sources are built into notebooks for students; what they hand in is collected, run in the sandbox, questioned with inputs that the judges draw, judged outside, recorded in the gradebook, handed back."


def svg() -> str:
    """The picture's text."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 454" role="img" aria-label="{ALT}">',
        f"<title>{ALT}</title>",
        f"<style>{STYLE}</style>",
        '<marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 10 5 0 10z"/></marker>',
    ]
    for x, y, width, height, kind, title, lines in BOXES:
        middle, top = x + width / 2, y + height / 2 - 10 * len(lines)
        parts.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>')
        parts.append(f'<text class="b" x="{middle:g}" y="{top + 5:g}" text-anchor="middle">{title}</text>')
        for row, line in enumerate(lines, start=1):
            at = top + 5 + 22 * row
            parts.append(f'<text class="small" x="{middle:g}" y="{at:g}" text-anchor="middle">{line}</text>')
    for (x, y), (to_x, to_y), label, (label_x, label_y) in ARROWS:
        parts.append(f'<path d="M{x} {y} {to_x} {to_y}" marker-end="url(#tip)"/>')
        if label:
            parts.append(f'<text class="small" x="{label_x}" y="{label_y}" text-anchor="middle">{label}</text>')
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
    print(f"wrote {PICTURE.name}")
