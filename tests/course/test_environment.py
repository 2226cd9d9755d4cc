"""environment.yml and pyproject.toml name the same packages; the image gets what it is built from, and no secret."""

import re
import tomllib

import yaml

from tests.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


def test_conda_and_pip_install_the_same_and_the_tool_needs_nothing_of_this_course() -> None:
    wanted = {*PROJECT["dependencies"], *EXTRAS["course"], *EXTRAS["dev"], *EXTRAS["site"]}
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    assert sorted(pip) == sorted(wanted)
    assert f"python{PROJECT['requires-python']}" in conda
    assert set(EXTRAS["cluster"]) <= set(pip)
    assert not {"torch", "torchvision", "tqdm", "ipywidgets"} & set(PROJECT["dependencies"])


def test_students_install_only_what_colab_has() -> None:
    assert set(EXTRAS["course"]) == {"torch", "torchvision", "numpy", "matplotlib", "tqdm", "ipywidgets", "pyyaml"}, (
        "nothing may be pinned or added: Colab has these, and replacing them breaks its runtime"
    )


def test_the_image_is_built_from_what_it_may_hold() -> None:
    lines = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    copied = {name for line in lines for name in line.split()}
    ignore = (ROOT / ".dockerignore").read_text().split("\n")
    assert "*" in ignore
    assert {line[1:] for line in ignore if line.startswith("!")} == copied
    assert all((ROOT / name).exists() for name in copied)
    assert not copied & {"solutions", "tests", "benchmarks", "docs", ".git", "."}
