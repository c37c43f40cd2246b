"""Shipped configuration files are found in a checkout and in an installed package."""

import pytest

from sim.resources import configs_dir, find_configs

pytestmark = pytest.mark.unit


def test_the_shipped_studies_are_found():
    assert (configs_dir() / "studies" / "demo.yaml").is_file()


def test_an_installed_package_carries_its_own(tmp_path):
    (tmp_path / "sim" / "configs").mkdir(parents=True)
    assert find_configs(tmp_path / "sim") == tmp_path / "sim" / "configs"


def test_a_checkout_has_them_at_its_root(tmp_path):
    (tmp_path / "sim").mkdir()
    (tmp_path / "configs").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert find_configs(tmp_path / "sim") == tmp_path / "configs"


def test_a_stray_folder_beside_an_installed_package_is_not_ours(tmp_path):
    (tmp_path / "sim").mkdir()
    (tmp_path / "configs").mkdir()
    with pytest.raises(FileNotFoundError, match=r"scenarios and studies are missing.*Install"):
        find_configs(tmp_path / "sim")
