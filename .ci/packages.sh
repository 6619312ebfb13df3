# Sourced by run and test: which Debian packages are needed, and how they and a build come about.
# shellcheck shell=bash disable=SC2034 # who sources it uses the names

# The tests' packages are among them because one configuration serves ./run and ./test.
BUILD_PACKAGES=(cmake ninja-build gcc g++ pkg-config python3 qt6-base-dev libffi-dev libdw-dev libcmocka-dev
    libarchive-dev zlib1g-dev libxgboost-dev libsqlite3-dev libcurl4-openssl-dev libssl-dev libjansson-dev libmicrohttpd-dev liblua5.4-dev nginx openssl zstd slurm-wlm xvfb xdotool qt6ct fonts-dejavu-core node-tap-parser python3-junitparser)
# Only where tests run: it is large
TEST_PACKAGES=(chromium)
BENCH_PACKAGES=(python3-pyqt6 python3-pandas xgboost dataset-fashion-mnist aria2 curl)
LINT_PACKAGES=(git clang-format clang-tidy cppcheck)
FUZZ_PACKAGES=(clang libclang-rt-14-dev)

# ensure_packages NAME...: installs what is missing. Asks dpkg first, so nothing to do costs a few milliseconds.
ensure_packages() {
    local installed name as_root=() missing=()
    if ! command -v dpkg-query >/dev/null; then
        [ -e build/dev/build.ninja ] ||
            echo "This is no Debian: install what these Debian packages hold: $*" >&2
        return 0
    fi
    # It fails when it does not know one of the names, which is an answer too
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    for name in "$@"; do
        grep -qx "installed $name" <<<"$installed" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            { echo "Run this as root first: apt-get install ${missing[*]}" >&2; return 1; }
        as_root=(sudo)
    fi
    echo "Installing ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# configure PRESET: once; later ninja itself sees what must be configured anew.
configure() {
    local log
    [ ! -e "build/$1/build.ninja" ] || return 0
    echo "Configuring build/$1" >&2
    log=$(cmake --preset "$1" 2>&1) || { printf '%s\n' "$log" >&2; return 1; }
}

# build PRESET [TARGET...]: quiet unless there is something to say.
build() {
    local preset=$1
    shift
    configure "$preset"
    ninja --quiet -C "build/$preset" "$@" 2>&1 | sed -e '/^ninja: no work to do\.$/d' -e '/^-- /d' >&2
}
