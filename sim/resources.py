"""Where the shipped scenarios, policies, studies and evidence are."""

from pathlib import Path


def configs_dir() -> Path:
    """Find the folder of shipped configuration files.

    An installed wheel carries it inside the package, as ``sim/configs``; a source checkout
    (and so an editable install) has it at its root, beside ``sim``.

    Returns
    -------
    pathlib.Path
        An existing folder, with ``studies``, ``scenarios``, ``policies`` and ``evidence`` in it.

    Raises
    ------
    FileNotFoundError
        If neither place holds it: the installation is incomplete.
    """
    return find_configs(Path(__file__).resolve().parent)


def find_configs(package: Path) -> Path:
    """Find the configuration files that belong to the copy of ``sim`` in the folder `package`."""
    carried = package / "configs"
    if carried.is_dir():
        return carried
    # Only a checkout has the project file: a stray folder called configs that lies beside
    # an installed package is somebody else's.
    root = package.parent
    if (root / "pyproject.toml").is_file() and (root / "configs").is_dir():
        return root / "configs"
    raise FileNotFoundError(
        f"The shipped scenarios and studies are missing: neither {carried} nor a source checkout's "
        f"{root / 'configs'} exists. Install the project again."
    )
