"""environment.yml and pyproject.toml name the same packages."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def test_conda_and_pip_install_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {*project["dependencies"], *extras["course"], *extras["dev"], *extras["site"]}
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    pip = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    assert sorted(pip) == sorted(wanted)
    assert f"python{project['requires-python']}" in conda
    assert set(extras["cluster"]) <= set(pip)


def test_the_tool_needs_no_package_of_this_course() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert not {"torch", "torchvision", "tqdm", "ipywidgets", "pyyaml"} & set(dependencies)


def test_students_install_only_what_colab_has() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(extras["course"]) == {"torch", "torchvision", "numpy", "matplotlib", "tqdm", "ipywidgets", "pyyaml"}, (
        "nothing may be pinned or added: Colab has these, and replacing them breaks its runtime"
    )
