"""What every test runs under: none fails because the machine is busy."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "casereviews", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("casereviews")
