"""What the tests of lifelong share."""

import pytest


@pytest.fixture(autouse=True)
def full_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train in full, whatever the environment asks for."""
    monkeypatch.delenv("LIFELONG_BUDGET", raising=False)
