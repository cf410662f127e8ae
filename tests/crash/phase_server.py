"""A process that imports everything once and forks a child for each call, so that a damaged phase costs no start-up.

It reads one JSON object a line, {do, name, home, log, strace, hook, megabytes, writes_anywhere}, and answers {exit, said, told}.
With `strace` the child runs under strace with those arguments. No thread can be started there (but for the deadlines of HTTP):
DuckDB then works in the one thread whose calls are counted.
"""

import ctypes
import errno
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "unit" / "pages")]

import small_phases  # noqa: E402

WRITING = (
    "open,openat,creat,write,writev,pwrite64,pwritev,pwritev2,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,"
    "rmdir,fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate,symlink,symlinkat,chmod,fchmod,fchmodat,copy_file_range,"
    "sendfile"
)
NO_THREADS = "inject=clone,clone3:error=EAGAIN"
ANY_TRACER = 0x59616D61
CAPABILITIES_VERSION, FOLDERS_OF_OTHERS = 0x20080522, 0b110
HOOKED = {"open": 2, "os.rename": 0, "os.link": 0, "os.remove": 0, "os.mkdir": 0, "os.rmdir": 0, "os.chmod": 0, "os.symlink": 0}


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Runs one call in a child; `told` is what the function returned."""
    said, told = Path(asked["log"] + ".said"), Path(asked["log"] + ".told")
    for path in (said, told):
        path.unlink(missing_ok=True)
    waiting, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go)
        _run(asked, waiting, said, told)
    os.close(waiting)
    tracer = _traced(child, asked) if asked.get("strace") is not None else None
    os.close(go)
    _, status = os.waitpid(child, 0)
    if tracer is not None:
        tracer.communicate()
    return {
        "exit": os.waitstatus_to_exitcode(status),
        "said": said.read_text()[-2000:] if said.exists() else "",
        "told": json.loads(told.read_text()) if told.exists() else None,
    }


def _traced(child: int, asked: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """strace on the waiting child, attached when this returns."""
    command = ["strace", "-f", "-y", "-s", "0", "-o", asked["log"], "-p", str(child), "-e", f"trace={WRITING},clone,clone3"]
    command += [] if asked["name"] in small_phases.WITH_THREADS else ["-e", NO_THREADS]
    tracer = subprocess.Popen([*command, *asked["strace"]], stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    line = tracer.stderr.readline()
    if b"attached" not in line:
        os.kill(child, signal.SIGKILL)
        raise RuntimeError(f"strace: {line.decode()}")
    return tracer


def _run(asked: dict[str, Any], waiting: int, said: Path, told: Path) -> None:
    """Never returns."""
    ctypes.CDLL(None).prctl(ANY_TRACER, ctypes.c_ulong(-1), 0, 0, 0)
    os.read(waiting, 1)
    os.close(waiting)
    target = os.open(said, os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    small_phases.enter(asked["home"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 1
    try:
        if asked["megabytes"] is not None:
            _give_little_memory(asked["megabytes"])
        if not asked["writes_anywhere"]:
            _obey_modes()
        if asked["hook"] is not None:
            sys.addaudithook(Hook(asked["home"], asked["log"], **asked["hook"]))
        if asked["do"] == "phase":
            result = small_phases.PHASES[asked["name"]][1]()
        elif asked["do"] == "before":
            for step in small_phases.PHASES[asked["name"]][0]:
                small_phases.enter(asked["home"])
                result = step()
        elif asked["do"] == "look":
            result = small_phases.look_and_go_on(asked["name"])
        else:
            result = small_phases.swept_outcome()
        if result is not None:
            told.write_text(json.dumps(result))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _give_little_memory(megabytes: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _obey_modes() -> None:
    """Takes root's right to write where modes forbid it; nobody else has it."""
    libc, header, told = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0), (ctypes.c_uint32 * 6)()
    if os.geteuid() == 0:
        libc.capget(header, told)
        told[0] &= ~FOLDERS_OF_OTHERS
        if libc.capset(header, told) != 0:
            raise OSError("the right to write everywhere cannot be given up")


class Hook:
    """The variant without strace: Python tells each call that is about to change something below `home`; the n-th is damaged.

    It sees neither single writes nor syncs, and nothing that DuckDB does by itself. `kind` is KILL, TERM, INT or an error's name.
    """

    def __init__(self, home: str, log: str, at: int = 0, kind: str = "KILL") -> None:
        self.home, self.at, self.kind = home, at, kind
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self.seen = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in HOOKED or not str(arguments[0]).startswith(self.home):
            return
        if event == "open" and not int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
        self.seen += 1
        os.write(self.log, f"{event} {arguments[0]}\n".encode())
        if self.seen == self.at:
            if self.kind in ("KILL", "TERM", "INT"):
                os.kill(os.getpid(), getattr(signal, f"SIG{self.kind}"))
            else:
                raise OSError(getattr(errno, self.kind), os.strerror(getattr(errno, self.kind)))


def main() -> None:
    small_phases.warm_up(sys.argv[1:])
    gc.freeze()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
