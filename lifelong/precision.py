"""The precision of the matrix products: what the device is good at."""

from typing import Literal

import torch

Precision = Literal["auto", "float32", "bfloat16"]


def dtype_of(device: torch.device, precision: Precision) -> torch.dtype:
    """The precision in which this device multiplies matrices, unless it is asked for by name."""
    if precision == "float32" or (precision == "auto" and not _multiplies_bfloat16(device)):
        return torch.float32
    if precision in ("auto", "bfloat16"):
        return torch.bfloat16
    raise ValueError(f'precision is {precision!r}, but should be "auto", "float32" or "bfloat16"')


def _multiplies_bfloat16(device: torch.device) -> bool:
    """Whether the hardware has instructions for it; emulated, it is slower than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        # Not every torch that Colab and laptops have can tell.
        capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False
