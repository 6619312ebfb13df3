"""PyQt for bench_signals.sh: prints how many millions of queued signals a second went from a QThread to the GUI thread."""
import sys
import time

from PyQt6.QtCore import QObject, QSemaphore, QThread, pyqtSignal, pyqtSlot
from PyQt6.QtWidgets import QApplication

BOUND, BATCH = 1024, 128
TEXT = "record 123456 of 2000000"


class Source(QObject):
    progress = pyqtSignal(int, str)

    def __init__(self, count, room):
        super().__init__()
        self.count, self.room, self.begun = count, room, 0.0

    @pyqtSlot()
    def run(self):
        self.begun = time.monotonic()
        for i in range(self.count):
            if i % BATCH == 0:
                self.room.acquire(BATCH)
            self.progress.emit(i, TEXT)


class Receiver(QObject):
    def __init__(self, count, room):
        super().__init__()
        self.count, self.room, self.received, self.ended = count, room, 0, 0.0

    @pyqtSlot(int, str)
    def on_progress(self, number, text):
        assert number == self.received and text
        self.received += 1
        if self.received % BATCH == 0:
            self.room.release(BATCH)
        if self.received == self.count:
            self.ended = time.monotonic()
            QApplication.quit()


def main():
    app = QApplication(sys.argv)
    count = int(sys.argv[1])
    room = QSemaphore(BOUND)
    source, receiver, thread = Source(count, room), Receiver(count, room), QThread()
    source.moveToThread(thread)
    source.progress.connect(receiver.on_progress)
    thread.started.connect(source.run)
    thread.start()
    app.exec()
    thread.quit()
    thread.wait()
    print(f"{count / (receiver.ended - source.begun) / 1e6:.3f}")


main()
