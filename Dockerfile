FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p tagua-cli

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/target/release/tagua /usr/local/bin/tagua
RUN useradd --system --create-home --home-dir /data tagua
USER tagua
WORKDIR /data
ENTRYPOINT []
CMD ["tagua", "start", "--data", "/data", "--listen", "0.0.0.0:8080"]
