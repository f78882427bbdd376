# syntax=docker/dockerfile:1
# Lumbar as a container: Node, the packages it runs on, and the files of this repository; nothing is built.
#
#   docker build --tag lumbar .
#   docker run --rm --read-only --cap-drop ALL --security-opt no-new-privileges --network host lumbar
#
# Until site.yaml lists the EHRs that may call (`callers`), nobody is verified and Lumbar refuses every HOST but this
# machine's own (127.0.0.1, the default). In a container that is the container itself, so that a published port reaches
# nothing: share the network of the host, as above, or of a proxy (--network container:<proxy>). With callers listed:
#
#   docker run --rm --read-only --cap-drop ALL --security-opt no-new-privileges \
#     --volume "$PWD/site.yaml:/lumbar/site.yaml:ro" --env HOST=0.0.0.0 --publish 3000:3000 lumbar
#
# behind something that speaks TLS. Several of them need DATABASE_URL, so that no token is good twice.

# The same version as the `node` in package.json.
ARG NODE=24.21.0

FROM node:${NODE}-slim AS packages
WORKDIR /lumbar
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:${NODE}-slim
LABEL org.opencontainers.image.title="Lumbar" \
      org.opencontainers.image.description="CDS Hooks service for acute low-back pain" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /lumbar
# Owned by root and run by another: the service can change neither its code nor its pathway. What goes in is listed
# in .dockerignore.
COPY --from=packages /lumbar/node_modules node_modules
COPY . .
# A volume here keeps the ledger; a named one takes over whose the folder is.
RUN mkdir var && chown node:node var
# Read and checked once, here: the service starts from what is kept. Another site.yaml is compiled at its start.
RUN node src/cli/build-pathway.ts
USER node
EXPOSE 3000
# After SIGTERM it is not ready and still answers for DRAIN_SECONDS (5), then finishes what it began, for ten at most.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/server.ts"]
