#!/usr/bin/env bash
# Runs every check of the project: formatting, clippy, the linters of the OpenAPI document, what the program is made of, and all tests on SQLite and on
# PostgreSQL. Sets up what it needs on a machine that has Rust and a C compiler:
#
#   PostgreSQL  the server that TEST_POSTGRES_URL names; else a throwaway cluster of the installed server's programs, which
#               are installed with apt-get where they are missing; else a throwaway container of Docker
#   HAProxy     in front of two replicas: the installed one; else that of apt-get
#   Python      for the programs of others that use the service: the installed one; else that of apt-get
#   Node.js     for the linters and the browser test: the installed one; else that of apt-get, brought up to date from the npm registry
#   a JDK       for the client in Java, with Apache's httpmime (or HTTPMIME, its jar): those of apt-get where they are missing
#   Chromium    for the browser test: the one of CHROMIUM, the installed one or Chrome; else that of apt-get
#
# Arguments go to the tests: `tests/run.sh search` runs the checks and the tests with "search" in their names, and leaves out
# the programs of others.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

apt_install() {
    command -v apt-get >/dev/null || return 1
    as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$@"
}

work=$(mktemp -d "${TMPDIR:-/tmp}/citizens-charter-tests.XXXXXX")
stop_postgres=:
trap 'eval "$stop_postgres"; rm -rf "$work"' EXIT

# The directory of PostgreSQL's server programs.
postgres_programs() {
    local programs
    for programs in "$(pg_config --bindir 2>/dev/null || true)" $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) \
        /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin "$(dirname "$(command -v initdb || echo /none/x)")"; do
        if [ -x "$programs/initdb" ] && [ -x "$programs/pg_ctl" ]; then echo "$programs"; return; fi
    done
    return 1
}

# PostgreSQL refuses to run as root.
as_postgres_user() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

free_port() {
    local port
    for port in $(seq 54320 54420); do
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
    done
    fail "no free port between 54320 and 54420"
}

start_cluster() {
    local programs=$1 cluster="$work/postgres" port
    port=$(free_port)
    mkdir "$cluster"
    if [ "$(id -u)" = 0 ]; then
        id postgres >/dev/null 2>&1 || useradd --system postgres
        chmod 755 "$work"
        chown postgres "$cluster"
    fi
    # nothing in it outlives the tests: no flush to disk is worth waiting for
    as_postgres_user "$programs/initdb" --pgdata "$cluster/data" --username postgres --auth trust --encoding UTF8 \
        --locale C.UTF-8 --no-sync >"$work/initdb.log" 2>&1 || fail "initdb failed: $(tail -n 1 "$work/initdb.log")"
    as_postgres_user "$programs/pg_ctl" --pgdata "$cluster/data" --log "$cluster/log" --wait --silent \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$cluster -c max_connections=400 -c fsync=off" \
        start || fail "PostgreSQL does not start: $(tail -n 1 "$cluster/log")"
    stop_postgres="as_postgres_user '$programs/pg_ctl' --pgdata '$cluster/data' --mode immediate --silent stop || true"
    export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
}

start_container() {
    local port container
    port=$(free_port)
    container=$(docker run --rm --detach --env POSTGRES_HOST_AUTH_METHOD=trust --publish "127.0.0.1:$port:5432" \
        postgres:17 -c max_connections=400 -c fsync=off) || return 1
    stop_postgres="docker stop $container >/dev/null || true"
    local tries
    for tries in $(seq 60); do
        # over TCP: while the image sets itself up, its server listens on a socket only
        if docker exec "$container" pg_isready --quiet --host 127.0.0.1; then
            export TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres"
            return
        fi
        sleep 1
    done
    return 1
}

say "PostgreSQL"
if [ -n "${TEST_POSTGRES_URL:-}" ]; then
    echo "the server that TEST_POSTGRES_URL names"
elif programs=$(postgres_programs) || { apt_install postgresql && programs=$(postgres_programs); }; then
    start_cluster "$programs"
    echo "a throwaway cluster of $("$programs/postgres" --version)"
elif command -v docker >/dev/null && docker info >/dev/null 2>&1 && start_container; then
    echo "a throwaway container"
else
    fail "the tests need PostgreSQL: install its server, or start Docker, or set TEST_POSTGRES_URL=postgres://USER@HOST/DATABASE"
fi

say "Formatting"
cargo fmt --check

say "Clippy"
cargo clippy --locked --all-targets -- -D warnings

say "OpenAPI linters"
command -v npm >/dev/null || apt_install nodejs npm || fail "the OpenAPI linters need Node.js 20.19 or later: install it"
tests/lint/run.sh
tests/lint/compatible.sh

say "Supply chain"
tests/supply_chain.sh

say "Tests"
command -v haproxy >/dev/null || apt_install haproxy || fail "the tests need HAProxy: install it"
cargo test --locked -- "$@"

# a part of the tests was asked for
[ $# = 0 ] || exit 0

say "Consumers, with the tools of others"
python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3 python3-venv || fail "the consumers need Python 3: install it"
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null || apt_install chromium ||
    fail "the browser test needs Chromium: install it, or name one in CHROMIUM"
CONTRACT_ROLES="anyone officer" CONTRACT_EXAMPLES=2 tests/contract/run.sh 1
command -v javac >/dev/null || apt_install default-jdk-headless || fail "the client in Java needs a JDK 17 or later: install one"
[ -e "${HTTPMIME:-/usr/share/java/httpmime.jar}" ] || apt_install libhttpmime-java ||
    fail "the client in Java needs Apache's httpmime: install it, or name its jar in HTTPMIME"
tests/consumers/run.sh
