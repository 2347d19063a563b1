"""The page's scripts: built from what is here, linted, typed, and their own tests."""

import hashlib
import json
import re
import subprocess

import pytest
from page_scripts import WEB, run

HOW = "run npm ci and npm run build in geo/render/web and commit dist/"


def sha256(path):
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def manifest():
    return json.loads((WEB / "dist" / "manifest.json").read_text(encoding="utf-8"))


def sources():
    inside = [path for path in (WEB / "src").rglob("*") if path.is_file()]
    return [*inside, *(WEB / name for name in ("build.mjs", "package.json", "package-lock.json"))]


def test_the_bundle_was_built_from_these_sources():
    found = {path.relative_to(WEB).as_posix(): sha256(path) for path in sources()}
    assert found == manifest()["sources"], HOW


def test_the_bundle_is_that_of_its_manifest():
    built = {path.name for path in (WEB / "dist").iterdir()}
    assert built == {*manifest()["outputs"], "manifest.json"}
    for name, known in manifest()["outputs"].items():
        assert sha256(WEB / "dist" / name) == known, HOW


def test_every_package_is_pinned_and_no_registry_is_named():
    wanted = json.loads((WEB / "package.json").read_text(encoding="utf-8"))
    assert wanted["private"] is True
    for version in (wanted["dependencies"] | wanted["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    for name, one in lock["packages"].items():
        assert "resolved" not in one, name
        assert not name or one["integrity"].startswith("sha512-"), name
    assert "omit-lockfile-registry-resolved=true" in (WEB / ".npmrc").read_text(encoding="utf-8")


def test_a_page_holds_the_versions_of_the_lock():
    locked = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, one in manifest()["packages"].items():
        assert one["version"] == locked[f"node_modules/{name}"]["version"]


def test_style_stands_beside_its_module():
    for path in (WEB / "src").rglob("*.css"):
        assert path.with_suffix(".js").is_file(), path


def test_half_a_line_of_test_for_each_line_of_source():
    def lines(paths):
        texts = (path.read_text(encoding="utf-8") for path in paths)
        return sum(bool(line.strip()) for text in texts for line in text.splitlines())

    assert lines((WEB / "test").glob("*.js")) >= 0.5 * lines((WEB / "src").rglob("*.[jt]s"))


@pytest.mark.slow
def test_building_again_gives_the_same_bytes(node, tmp_path):
    done = run("node", "build.mjs", str(tmp_path))
    assert done.returncode == 0, done.stderr
    for path in (WEB / "dist").iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), f"{path.name}: {HOW}"


@pytest.mark.slow
def test_the_scripts_keep_to_their_rules_and_types(node):
    done = run("npm", "run", "--silent", "check")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "bad",
    [
        'document.body.innerHTML = "x";',
        'document.body.insertAdjacentHTML("beforeend", "x");',
        'eval("1");',
        'new Function("return 1")();',
        'setTimeout("x()", 1);',
        'document.write("x");',
        'fetch("https://a");',
        'document.body.setAttribute("onclick", "x()");',
        "notThere();",
        "const unused = 1;",
    ],
)
def test_a_script_that_could_run_a_text_or_ask_a_host_is_refused(node, bad):
    place = WEB / "src" / "page" / "bad.js"  # where it would stand; nothing is written
    done = run_with(bad, "npx", "eslint", "--stdin", "--stdin-filename", str(place))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "error" in done.stdout


def run_with(text, *command):
    return subprocess.run(
        command, cwd=WEB, input=text, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.slow
def test_the_unit_tests_of_the_scripts_pass(node):
    files = sorted(path.relative_to(WEB).as_posix() for path in (WEB / "test").glob("*.test.js"))
    assert len(files) > 20
    done = run("node", "--test", "--test-reporter=tap", *files)
    failed = re.findall(r"^not ok \d+ - (.*)$", done.stdout, re.MULTILINE)
    assert done.returncode == 0, f"{failed}\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
    assert int(re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE).group(1)) > 300
