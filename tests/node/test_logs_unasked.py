"""A command that has asked for no log says its warnings on standard error, and on a terminal says nothing of them."""

import json
import os
import pty
import subprocess
import sys

import pytest

WARNS = "from node.logs import logger; logger().info('well'); logger().warning('restored', node='abcd')"

pytestmark = pytest.mark.processes


def test_warnings_are_lines_of_json_on_standard_error() -> None:
    done = subprocess.run([sys.executable, "-c", WARNS], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["restored"]


def test_on_a_terminal_nothing_lies_across_what_is_shown() -> None:
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", f"{WARNS}; print('end')"], stdout=theirs, stderr=theirs, check=True)
    os.close(theirs)
    said = os.read(ours, 4096)
    os.close(ours)
    assert said.split() == [b"end"]
