"""PyQt for bench_pool.sh: prints how many millions of empty runnables a second a QThreadPool of two threads does."""
import sys
import time

from PyQt6.QtCore import QCoreApplication, QRunnable, QThreadPool


class Empty(QRunnable):
    def run(self):
        pass


def main():
    app = QCoreApplication(sys.argv)
    count = int(sys.argv[1])
    pool = QThreadPool()
    pool.setMaxThreadCount(2)
    begun = time.monotonic()
    for _ in range(count):
        pool.start(Empty())
    pool.waitForDone()
    print(f"{count / (time.monotonic() - begun) / 1e6:.4f}")
    del pool, app


main()
