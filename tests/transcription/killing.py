"""A portal of its own whose processes run scripts, and die in the midst of them."""

import os
import signal
import subprocess
import sys
from pathlib import Path


class Shell:
    """Runs scripts one after the other in processes of their own, over one database in ``folder``."""

    ROOT = Path(__file__).parents[2]

    def __init__(self, folder: Path) -> None:
        self.env = os.environ | {"DATA_DIR": str(folder), "OFFLINE": "1", "PROFILE": "embedded"}
        self.env.pop("DATABASE_URL", None)
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=self.ROOT, env=self.env, check=True)

    def __call__(self, script: str, *, killed: bool = False) -> list[str]:
        """The words that it printed. ``killed``: it has to die by SIGKILL, else to end well."""
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", script]
        done = subprocess.run(command, cwd=self.ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == (-signal.SIGKILL if killed else 0), done.stderr
        return done.stdout.split()
