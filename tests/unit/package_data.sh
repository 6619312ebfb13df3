#!/usr/bin/env bash
# package_data.sh FOLDER: puts the data of Debian packages into FOLDER, for tests on real files. Only the packages themselves are fetched:
# what they depend on, some hundred megabytes of Python, is not needed to read their data.
set -euo pipefail
folder=${1:?folder}
mkdir -p "$folder"
cd "$folder"

fetch() { # PACKAGE: unpacks it here
    [ ! -d "$1" ] || return 0
    local work
    work=$(mktemp -d "$PWD/fetch.XXXXXX")
    chmod 755 "$work" # apt fetches as another user
    (
        cd "$work"
        apt-get download -q "$1" >log 2>&1 || { apt-get update -q >>log 2>&1 && apt-get download -q "$1" >>log 2>&1; } ||
            { cat log >&2; exit 1; }
        dpkg-deb -x "$1"_*.deb tree
    ) || { rm -rf "$work"; echo "cannot fetch the package $1" >&2; exit 1; }
    mv "$work/tree" "$1"
    rm -rf "$work"
}

copy() { # NAME FILE…
    local name=$1
    shift
    [ -e "$1" ] || { echo "there is no $1" >&2; exit 1; }
    cp -f "$1" "$name"
}

# npm's vega-datasets: 73 files, and the list of them with their checksums. Where npm reaches no registry, tests say that they have not tested it.
fetch_vega() {
    [ ! -d vega-datasets ] || return 0
    local work
    work=$(mktemp -d "$PWD/fetch.XXXXXX")
    if (cd "$work" && timeout 120 npm pack --silent vega-datasets@3.2.1 >log 2>&1 && tar xzf vega-datasets-3.2.1.tgz); then
        cp "$work/package/datapackage.json" "$work/package/data/"
        mv "$work/package/data" vega-datasets
    else
        echo "cannot fetch vega-datasets from npm" >&2
    fi
    rm -rf "$work"
}

fetch_vega
fetch python3-sklearn
fetch python3-statsmodels
fetch liblinear-tools
fetch r-cran-kernlab
fetch dataset-fashion-mnist
sklearn=python3-sklearn/usr/lib/python3/dist-packages/sklearn/datasets/data
statsmodels=python3-statsmodels/usr/lib/python3/dist-packages/statsmodels/datasets
for name in breast_cancer.csv iris.csv wine_data.csv boston_house_prices.csv linnerud_exercise.csv digits.csv.gz \
    diabetes_data_raw.csv.gz diabetes_target.csv.gz; do
    copy "$name" "$sklearn/$name"
done
for name in randhie fair co2; do
    copy "$name.csv" "$statsmodels/$name/$name.csv"
done
copy danish_data.csv "$statsmodels/danish_data/data.csv"
copy heart_scale liblinear-tools/usr/share/doc/liblinear-tools/examples/heart_scale
copy spam.rda r-cran-kernlab/usr/lib/R/site-library/kernlab/data/spam.rda
for name in train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz; do
    copy "$name" "dataset-fashion-mnist/usr/share/datasets/fashion-mnist/$name"
done
