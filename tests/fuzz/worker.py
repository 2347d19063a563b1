"""A child that mutates and judges, so that a crash, a hang or a flood of memory ends only it.

Reads lines of JSON from standard input, answers each with a line of JSON.
"""

import gc
import json
import logging
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from .commands import load
from .corpus import Sample, corpus
from .coverage import Lines
from .judge import judged, reaches
from .mutators import mutated

__all__ = ["main"]

MOST_BYTES = 1536 << 20
MOST_SECONDS = 10


class Worker:
    """Judges cases in a folder of its own."""

    def __init__(self, folder: Path, noise: Path) -> None:
        self.case, self.empty, self.noise = folder / "case", folder / "cwd", noise
        self.left = folder / "tmp"
        for one in (self.empty, self.left):
            one.mkdir()
        os.chdir(self.empty)
        tempfile.tempdir = str(self.left)
        self.corpus = {one.name: one for one in corpus(folder)}
        self.lines = Lines()
        with self.lines:  # what is done once counts too
            self.load()
        self.heard = noise.stat().st_size

    def load(self) -> None:
        """Let imports be done before anything is measured."""
        table, raster = (self.corpus[one].write(self.left) for one in ("csv_utf8", "raster"))
        load(table, raster)
        for one in (table, raster):
            one.unlink()

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Do what a line asks for."""
        if task["do"] == "names":
            return {"names": list(self.corpus)}
        if task["do"] == "lines":
            return {"lines": self.lines.shares()}
        sample = self.sample(task)
        found, reached = self.judge(sample, Random(task["seed"]) if "seed" in task else None)
        kept = {name: content.hex() for name, content in sample.files.items()} if found else {}
        return {
            "found": found,
            "reached": reached,
            "main": sample.main,
            "name": sample.name,
            "seed": task.get("seed"),
            "files": kept,
            "how": sample.how,
        }

    def sample(self, task: dict[str, Any]) -> Sample:
        """Return what is to be judged: given whole, of the corpus, or mutated by seed."""
        if "files" in task:
            files = {name: bytes.fromhex(one) for name, one in task["files"].items()}
            return Sample(task["name"], task["main"], files, task["how"])
        sample = self.corpus[task["name"]]
        if task["do"] == "true":
            return sample
        return mutated(Random(task["seed"]), sample, list(self.corpus.values()))

    def judge(self, sample: Sample, random: Random | None) -> tuple[list[str], bool]:
        """Write the files, call the readers, look at what they left behind."""
        shutil.rmtree(self.case, ignore_errors=True)
        self.case.mkdir()
        path = sample.write(self.case)
        state, start = random and random.getstate(), time.process_time()
        with self.lines:
            found = judged(path, sample, random)
        spent = time.process_time() - start
        if spent > MOST_SECONDS:  # with a tracer, which a loop over signs makes ten times slower
            if random is not None and state is not None:
                random.setstate(state)
            start = time.process_time()
            judged(path, sample, random)
            spent = time.process_time() - start
        found += self.traces(sample)
        if spent > MOST_SECONDS:
            found.append(f"works for {spent:.0f} s")
        return found, reaches(path)

    def traces(self, sample: Sample) -> list[str]:
        """Return what the readers left: files, words of C libraries, memory."""
        found = []
        after = {
            one.relative_to(self.case).as_posix(): one.read_bytes()
            for one in self.case.rglob("*")
            if one.is_file() and not one.is_symlink()
        }
        if after != sample.files:
            found.append(
                f"files beside the input: {sorted({**after, **sample.files}.keys() - (after.keys() & sample.files.keys()))}"
            )
        if any(self.empty.iterdir()):
            found.append("files in the working folder")
            shutil.rmtree(self.empty)
            self.empty.mkdir()
        if any(self.left.iterdir()):
            gc.collect()  # an error holds what was unpacked until its frames are gone
            found += [f"left in the temporary folder: {one.name}" for one in self.left.iterdir()]
        size = self.noise.stat().st_size
        if size > self.heard:
            found.append(f"noise: {self.noise.read_bytes()[self.heard : self.heard + 200]!r}")
            self.heard = size
        return found


def main(folder: Path) -> None:
    """Serve until standard input ends."""
    noise = folder / "noise"
    answers = os.fdopen(os.dup(1), "w")
    out = os.open(noise, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for one in (1, 2):
        os.dup2(out, one)
    logging.getLogger("geo").addHandler(logging.NullHandler())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    worker = Worker(folder, noise)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    for line in sys.stdin:
        answers.write(json.dumps(worker.answer(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
