"""How root runs a program that refuses root (PostgreSQL does), without new users and without opening folders.

Where the system allows user namespaces, root becomes the user ``nobody`` of a namespace of its own: no file changes
its owner, and /root may stay closed. Where it does not (most containers), the program really becomes ``nobody`` and
keeps one right of root, to pass through folders; then the files it writes belong to ``nobody``. A user whose number has
no name (containers like to give one) takes the first way too, because PostgreSQL asks for the name. Imports no Django.
"""

import ctypes
import functools
import os
import pwd
import sys
from pathlib import Path

LINUX = sys.platform == "linux"
NOBODY = 65534

# Numbers of the Linux interface: sched.h, prctl.h, capability.h
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION = 0x20080522

libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


class RootRefused(OSError):
    """Root can take neither way here."""


def must_change_user() -> bool:
    """Whether PostgreSQL would refuse the user that runs this process."""
    if os.getuid() == 0:
        return True
    try:
        pwd.getpwuid(os.getuid())
    except KeyError:
        return True
    return False


@functools.cache
def user_namespaces() -> bool:
    """Whether this process may open a user namespace; a child tries it out."""
    pid = os.fork()
    if pid == 0:
        try:
            _enter_namespace(os.getuid(), os.getgid())
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def give(folder: Path) -> None:
    """As root: let a folder belong to the user that the program will be."""
    if os.getuid() != 0 or not folder.exists():
        return
    owner = 0 if user_namespaces() else NOBODY
    if folder.stat().st_uid == owner:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, owner, owner, follow_symlinks=False)


def change_user(uid: int, gid: int, namespaces: bool) -> None:
    """In the child, before it becomes the program."""
    if namespaces:
        _enter_namespace(uid, gid)
    elif LINUX and uid == 0:
        _become_nobody()
    else:
        raise RootRefused(f"PostgreSQL does not run for user {uid} here: start as an ordinary user with a name")


def die_with_parent(number: int) -> None:
    """In the child: the system sends it this signal when its parent ends, however that ends."""
    if LINUX:
        libc.prctl(_PR_SET_PDEATHSIG, number)


def _enter_namespace(uid: int, gid: int) -> None:
    if not LINUX or libc.unshare(_CLONE_NEWUSER):
        raise RootRefused(ctypes.get_errno(), "user namespaces are off")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{NOBODY} {uid} 1"), ("gid_map", f"{NOBODY} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _become_nobody() -> None:
    """Change the user, keep CAP_DAC_OVERRIDE over the change and over exec."""
    _check(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    bit = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    # effective, permitted, inheritable for capabilities 0 to 31, then for 32 to 63
    data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    _check(libc.capset(ctypes.byref(header), ctypes.byref(data)))
    _check(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0))


def _check(result: int) -> None:
    if result:
        raise RootRefused(ctypes.get_errno(), "PostgreSQL does not run for root here: start as an ordinary user")
