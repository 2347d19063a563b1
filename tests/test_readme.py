"""What the README prints runs as printed: in a fresh process, away from the repository."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"


@pytest.mark.slow
def test_the_python_of_the_readme_runs_in_a_fresh_process(tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    words = [sys.executable, "-W", "error", "-c", "\n".join(blocks)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "maps" / "index.html").is_file()


def test_every_command_line_of_the_readme_is_one_that_exists():
    from geo.cli.main import COMMANDS

    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"\bjjj ([a-z]+)", text))
    assert named
    assert named <= set(COMMANDS)
