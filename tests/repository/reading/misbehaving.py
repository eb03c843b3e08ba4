"""What a reader could do to its child process: stands in for `read_job` in tests of the pool."""

import os
import signal

from casereviews.repository.model import Reading
from casereviews.repository.reading.reader import failed, read_file


def by_name(job, limits, store) -> Reading:
    """Misbehave as the job's file name says; anything else is read as empty."""
    name = job.file_name
    if name == "hang":
        signal.pause()
    if name == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if name == "greedy":
        blocks = [bytearray(10_000_000) for _ in range(1000)]
        return failed(job.sha256, "ok", "text/plain", f"{len(blocks)} blocks: no limit held")
    return failed(job.sha256, "empty", "text/plain", f"read by {os.getppid() > 0}")


def dies_recognising(job, limits, store) -> Reading:
    """Read natively, but be killed when recognition is asked for."""
    if limits.ocr and limits.ocr_seconds:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_file(job.place, sha256=job.sha256, limits=limits, store=store)


def grown(path) -> tuple[str, int]:
    """Read a file; returns its status and by how many bytes the address space of this child has ever grown."""
    from pathlib import Path

    from casereviews.repository.reading import Limits, read_file

    def peak() -> int:
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmPeak"):
                return int(line.split()[1]) * 1024
        return 0

    before = peak()
    status = read_file(path, limits=Limits(ocr=False, memory_mb=300)).status
    return status, peak() - before
