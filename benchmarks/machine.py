"""What the figures were measured on."""

from __future__ import annotations

import platform
from pathlib import Path

import torch


def machine() -> str:
    """Processor or GPU, threads and versions, in one line."""
    if torch.cuda.is_available():
        place = torch.cuda.get_device_name()
    else:
        place = f"{_processor()}, {torch.get_num_threads()} threads"
    return f"{place}, torch {torch.__version__}, Python {platform.python_version()}"


def _processor() -> str:
    """The processor's name, with the instructions that decide the precision."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    names = {name.strip(): value.strip() for name, value in fields.items()}
    wide = [flag for flag in ("avx512_bf16", "amx_bf16") if flag in names.get("flags", "").split()]
    return " with ".join([names.get("model name", platform.machine()), *wide])
