"""Fetch the vendored runtime again from npm: ``python -m geo.render.vendor.refresh [VERSION]``.

The package is packed by npm into a private folder, compared with the integrity that the registry
states, and only the files of the manifest are taken; the manifest gets the new hashes.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from geo.errors import OutputError
from geo.render.bundle import VENDOR
from geo.write import Outputs

__all__ = ["refresh"]


def refresh(name: str, version: str) -> dict[str, Any]:
    """Replace a vendored npm package by another version.

    Parameters
    ----------
    name
        As in the manifest.
    version
        Exact version, such as ``1.9.4``.

    Returns
    -------
    dict
        The manifest as written.

    Raises
    ------
    OutputError
        When npm cannot deliver the package, or its bytes are not those that npm states.
    """
    manifest: dict[str, Any] = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    entry = manifest[name]
    with tempfile.TemporaryDirectory() as folder:
        stated = _pack(f"{name}@{version}", Path(folder))
        archive = Path(folder) / stated["filename"]
        content = archive.read_bytes()
        integrity = f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"
        if integrity != stated["integrity"]:
            msg = f"{archive.name}: {integrity} is not npm's {stated['integrity']}"
            raise OutputError(msg)
        with tarfile.open(archive) as tar:
            files = {one: _member(tar, f"package/{one}") for one in entry["files"]}
    entry |= {
        "version": version,
        "integrity": integrity,
        "tarball_sha256": hashlib.sha256(content).hexdigest(),
        "files": {one: hashlib.sha256(data).hexdigest() for one, data in files.items()},
    }
    with Outputs(overwrite=True) as outputs:
        for one, data in files.items():
            outputs.data(VENDOR / name / Path(one).name, data)
        outputs.text(VENDOR / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    return manifest


def _pack(wanted: str, folder: Path) -> dict[str, str]:
    command = ["npm", "pack", wanted, "--json", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError) as error:
        msg = f"npm pack {wanted} failed: {getattr(error, 'stderr', '') or error}"
        raise OutputError(msg) from error
    found = json.loads(done.stdout)
    stated: dict[str, str] = found[0] if isinstance(found, list) else next(iter(found.values()))
    return stated


def _member(tar: tarfile.TarFile, path: str) -> bytes:
    handle = tar.extractfile(path)
    if handle is None:
        msg = f"{path} is not in the npm package"
        raise OutputError(msg)
    return handle.read()


if __name__ == "__main__":
    refresh("leaflet", *(sys.argv[1:] or ["1.9.4"]))
