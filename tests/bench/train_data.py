"""train_data.py OUT ROWS: the first ROWS of Fashion-MNIST (Debian's dataset-fashion-mnist) as CSV without header, the label first."""
import gzip
import sys

FOLDER = "/usr/share/datasets/fashion-mnist/"
PIXELS = 784

out, rows = sys.argv[1], int(sys.argv[2])
images = gzip.open(FOLDER + "train-images-idx3-ubyte.gz").read(16 + rows * PIXELS)[16:]
labels = gzip.open(FOLDER + "train-labels-idx1-ubyte.gz").read(8 + rows)[8:]
with open(out, "w", encoding="ascii") as file:
    for row in range(rows):
        pixels = images[row * PIXELS:(row + 1) * PIXELS]
        file.write(f"{labels[row]},{','.join(map(str, pixels))}\n")
