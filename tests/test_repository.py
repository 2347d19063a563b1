"""What a contributor meets first: hooks that download nothing, forms that ask for what is needed."""

import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def test_hooks_use_the_tools_of_the_checkout_and_download_nothing():
    told = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [one["repo"] for one in told["repos"]] == ["local"]
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    known = {one.partition(">")[0] for one in tools["project"]["optional-dependencies"]["dev"]}
    for hook in told["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        folder, _, tool = hook["entry"].split()[0].rpartition("/")
        assert (folder, tool in known) == (".venv/bin", True)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_form_is_one_that_github_takes(form):
    told = yaml.safe_load(form.read_text(encoding="utf-8"))
    if form.stem == "config":
        assert set(told) == {"blank_issues_enabled"}
        return
    assert {"name", "description", "body"} <= set(told)
    ids = [field["id"] for field in told["body"]]
    assert len(set(ids)) == len(ids)
    for field in told["body"]:
        assert field["type"] in ("input", "textarea", "checkboxes")
        assert field["attributes"]["label"]
    assert any(field.get("validations", {}).get("required") for field in told["body"])


@pytest.mark.parametrize("name", ["wrong_number", "file_not_understood"])
def test_the_version_is_asked_for_as_the_program_prints_it(name):
    form = next(one for one in FORMS if one.stem == name)
    fields = {one["id"]: one for one in yaml.safe_load(form.read_text("utf-8"))["body"]}
    assert "jjj --version" in fields["version"]["attributes"]["description"]
    assert fields["version"]["validations"]["required"]
