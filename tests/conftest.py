"""What every test runs under: none fails because the machine is busy."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "casereviews", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("casereviews")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are called by their argument's name: of those that hold the time of their making, two workers would make two tests."""
    return argname if isinstance(val, bytes) else None
