"""What is fast, against whom, and whether it is right: ``python -m benchmarks``.

Every module here with a function ``run(report)`` is a benchmark; nothing else registers it.
"""
