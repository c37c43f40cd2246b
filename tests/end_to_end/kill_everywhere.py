"""Kill a study with `kill -9` at each of its steps on the disk in turn, and let it go on.

    python -m tests.end_to_end.kill_everywhere FOLDER

For n = 1, 2, ... a process of its own runs a small study into FOLDER/n and dies at the n-th time
that it makes, changes, renames or removes a file there; another one goes on with the study to the
end. It ends with the first n that the study survives. What is in the folders then is for the test
to judge.
"""

import gc
import os
import signal
import sys
from itertools import count
from pathlib import Path

from sim.scenario.loading import load_study
from sim.study.running import run_study
from sim.study.storing import manifest
from tests import stand_ins

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}


def run(study, out: Path, die_at: int) -> bool:
    """Run in a process of its own that dies at a step; whether it lived to the end."""
    child = os.fork()
    if child == 0:
        steps = 0

        def watch(event: str, arguments: tuple) -> None:
            nonlocal steps
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
            if (writes or event in STEPS) and str(arguments[0]).startswith(str(out)):
                steps += 1
                if steps == die_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        run_study(study, out=out, jobs=1, simulate=stand_ins.simulate, resume=True)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main(folder: Path) -> None:
    study = load_study(stand_ins.write_small_study(folder))
    study = study.model_copy(update={"policies": study.policies[:2], "replications": 2})
    manifest.git_commit = lambda: None  # to ask git takes longer than all the rest
    gc.collect()
    gc.freeze()
    for n in count(1):
        out = folder / str(n)
        survived = run(study, out, die_at=n)
        if not survived:
            assert run(study, out, die_at=0), n
        sys.stdout.write(f"{n}\n")
        if survived:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
