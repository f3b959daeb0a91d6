# The service with the system's libpq, which knows TLS.

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# the dependencies first: they are built again only when the manifest or the lock file changes
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
RUN mkdir -p src benches/limits \
    && echo 'fn main() {}' | tee src/main.rs > benches/limits/main.rs \
    && touch src/lib.rs \
    && cargo build --release --locked --no-default-features \
    && rm -r src
COPY migrations migrations
COPY charters charters
COPY src src
# the placeholders are newer than the sources of the checkout
RUN touch src/main.rs src/lib.rs \
    && cargo build --release --locked --no-default-features

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl libpq5 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/citizens-charter --create-home citizens-charter
COPY --from=build /build/target/release/citizens-charter /usr/local/bin/citizens-charter
USER 10001
WORKDIR /var/lib/citizens-charter
# the SQLite file of a single instance; unused with PostgreSQL
VOLUME /var/lib/citizens-charter
ENV CHARTER_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["citizens-charter"]
CMD ["serve"]
