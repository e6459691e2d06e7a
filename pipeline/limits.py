"""Bounds on a process that reads what somebody else made: memory and processor time, where the system has such limits."""

from __future__ import annotations


def bound_this_process(memory: int, seconds: int) -> None:
    """At most ``memory`` bytes of address space and ``seconds`` of processor time from now on, and no core file."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
