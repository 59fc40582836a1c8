"""glibc's malloc, so that it keeps for the next step what a step has freed."""

import ctypes
import platform

# Parameters of mallopt(3), and advice of madvise(2).
M_TRIM_THRESHOLD, M_MMAP_MAX, MADV_HUGEPAGE = -1, -4, 14
LARGEST_INT = 2**31 - 1
HUGE_PAGE = 2**21

# More than a step needs, less than glibc would hand back.
HEAP = 7 * 2**28


def can_keep_memory():
    return platform.libc_ver()[0] == "glibc"


def keep_freed_memory():
    """
    Large tensors come from the heap, which stays and lies on pages of 2 MB where the system leaves that to programs. By
    default each is mapped anew and handed back, so that every step pays for fresh pages. Elsewhere nothing happens.
    """
    if not can_keep_memory():
        return
    libc = ctypes.CDLL(None)
    libc.mallopt(M_MMAP_MAX, 0)
    libc.mallopt(M_TRIM_THRESHOLD, LARGEST_INT)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_size_t, [ctypes.c_size_t]
    libc.free.restype, libc.free.argtypes = None, [ctypes.c_size_t]
    libc.madvise.argtypes = [ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
    start = libc.malloc(HEAP)
    if start:
        libc.madvise(start + HUGE_PAGE - start % HUGE_PAGE, HEAP - HUGE_PAGE, MADV_HUGEPAGE)
        libc.free(start)
