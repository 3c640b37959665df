"""Looks around in a container, in which there is nothing else to look around with; says what it found as JSON."""

import json
import os
import stat
from pathlib import Path

PROGRAMS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/moyai/bin")
FOLDERS = ("/", "/etc", "/opt/moyai", "/tmp", "/usr", "/var/lib", "/var/lib/moyai", "/var/lib/moyai-key")


def is_writable(folder: Path) -> bool:
    """Whether a file can be made in it."""
    try:
        (folder / "probe").write_text("")
        (folder / "probe").unlink()
    except OSError:
        return False
    return True


def main() -> None:
    """Look, and say."""
    files = [Path(folder, name) for folder, _, names in os.walk("/usr") for name in names]
    found = {
        "programs": sorted({path.name for one in PROGRAMS if Path(one).is_dir() for path in Path(one).iterdir()}),
        "risen": [str(path) for path in files if path.lstat().st_mode & (stat.S_ISUID | stat.S_ISGID)],
        "writable": [folder for folder in FOLDERS if is_writable(Path(folder))],
        "user": [os.getuid(), os.getgid()],
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
