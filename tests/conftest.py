"""What all tests share."""

from hypothesis import settings

# machines are shared and slow: time is the business of benchmarks, never of a test
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")
