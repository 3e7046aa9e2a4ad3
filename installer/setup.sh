#!/bin/sh
# Everything `make run` and `make test` need, set up once: virtual environment, Python packages, system libraries.
#
#   sh installer/setup.sh run     what the program needs
#   sh installer/setup.sh test    the tools of the tests as well
#
# A second call finds its stamp and is over at once, without the network. Debian and Ubuntu packages are installed only
# as root or where sudo asks for no password; BAYLINE_NO_APT=1 forbids it. Otherwise one line says what to install.
set -eu
cd "$(dirname "$0")/.."

what=${1:-run}
case $what in
    run) lock=requirements.lock ;;
    test) lock=requirements-dev.lock ;;
    *) echo "usage: sh installer/setup.sh run|test" >&2; exit 2 ;;
esac
venv=.venv

say() { printf 'bayline: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_apt() {
    [ -z "${BAYLINE_NO_APT:-}" ] && command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; }
}

apt_install() {
    say "installing with apt: $*"
    set -- env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 --no-install-recommends install "$@"
    # The first try fails where the package lists were never fetched (images) or are old.
    as_root "$@" >/dev/null 2>&1 || { as_root apt-get -qq update >&2 && as_root "$@" >&2; }
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    die "Python 3.11 or newer is needed, and this machine has $(python3 --version 2>/dev/null || echo none). Install it, or name it: make PYTHON=/path/to/python3 $what"
}

make_venv() {
    python=$(find_python) || exit 1
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        case $python in
            python3.*) package=$python-venv ;;
            *) package=python3-venv ;;
        esac
        if may_apt; then apt_install "$package" || true; fi
        "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
            die "Python's venv module is missing; install it: sudo apt install $package"
    fi
    say "creating $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv" || die "the virtual environment could not be created in $(pwd)/$venv"
}

# What the installed packages depend on: the lock, how the project is installed, where it lies, and which Python.
wanted() {
    cksum "$1" pyproject.toml
    pwd
    "$venv/bin/python" --version
}

keep_stamp() {
    wanted "$2" >"$venv/bayline-$1.stamp.new"
    mv "$venv/bayline-$1.stamp.new" "$venv/bayline-$1.stamp"
}

install_packages() {
    stamp=$venv/bayline-$what.stamp
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(wanted "$lock")" ]; then return; fi
    say "installing the Python packages (a minute or two, once)"
    pip="$venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet"
    $pip --require-hashes --only-binary :all: -r "$lock" ||
        die "the Python packages could not be installed; the first time this needs the Internet. Then run it again."
    $pip --no-deps --no-build-isolation --editable . || die "the project itself could not be installed into $venv"
    keep_stamp "$what" "$lock"
    if [ "$what" = test ]; then keep_stamp run requirements.lock; fi # what the program needs is among it
}

install_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    missing=$("$venv/bin/python" -m app.libraries)
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # the names are words
    if may_apt; then apt_install $missing || true; fi
    missing=$("$venv/bin/python" -m app.libraries)
    [ -n "$missing" ] || return 0
    say "Qt needs system libraries that are not here; install them: sudo apt install $missing"
    [ "$what" = run ] || exit 1 # the program can do without its window, the tests cannot
}

if ! "$venv/bin/python" -c 'import pip' >/dev/null 2>&1 || [ "$(cat "$venv/bayline-place" 2>/dev/null)" != "$(pwd)" ]; then
    make_venv # none yet, its Python is gone, or the folder was moved: what is inside names the old place
    pwd >"$venv/bayline-place"
fi
install_packages
install_libraries
