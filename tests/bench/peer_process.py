"""CPython's ProcessPoolExecutor with spawn for bench_process.sh: prints one number per verb, as bench_process_ours does."""
import os
import random
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

WORKERS, BIG = 2, 16 << 20


def null():
    return None


def pid(ms):
    time.sleep(ms / 1000)
    return os.getpid()


def big(byte):
    return bytes([byte]) * BIG


def make_pool():
    return ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))


def null_tasks(count):
    with make_pool() as pool:
        for future in [pool.submit(pid, 50) for _ in range(2 * WORKERS)]:
            future.result()
        begun = time.monotonic()
        for future in [pool.submit(null) for _ in range(count)]:
            future.result()
        return count / (time.monotonic() - begun) / 1000


def start():
    begun = time.monotonic()
    pool = make_pool()
    pool.submit(null).result()
    took = (time.monotonic() - begun) * 1000
    pool.shutdown()
    return took


def big_results(count):
    times = []
    with make_pool() as pool:
        pool.submit(null).result()
        for i in range(count):
            begun = time.monotonic()
            result = pool.submit(big, i % 100 + 1).result()
            assert len(result) == BIG and result.find(bytes([i % 100 + 2])) == -1
            times.append((time.monotonic() - begun) * 1000)
    return sorted(times)[len(times) // 2]


def lost(kills):
    """Tasks that were lost though nobody killed their worker, per kill."""
    total = 0
    for _ in range(kills):
        pool = make_pool()
        pids = [pool.submit(pid, 20) for _ in range(2 * WORKERS)]
        workers = list({future.result() for future in pids})
        futures = [pool.submit(pid, 2) for _ in range(40)]
        time.sleep(random.random() * 0.02)
        os.kill(random.choice(workers), signal.SIGKILL)
        broken = 0
        for future in futures:
            try:
                future.result()
            except BrokenProcessPool:
                broken += 1
        total += max(0, broken - 1)
        pool.shutdown()
    return total / kills


def main():
    verb, count = sys.argv[1], int(sys.argv[2])
    verbs = {"null": null_tasks, "start": lambda _: start(), "big": big_results, "lost": lost}
    print(f"{verbs[verb](count):.4f}")


if __name__ == "__main__":
    main()
