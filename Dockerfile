# The twin with the viewer, and the simulator for the profile `traffic`. One image, two commands.
FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY protocols/package.json protocols/
COPY actors/package.json actors/
COPY gateway/package.json gateway/
COPY simulator/package.json simulator/
COPY twin/package.json twin/
COPY viewer/package.json viewer/
COPY testkit/package.json testkit/
COPY tools/package.json tools/
COPY recompute/package.json recompute/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run -w viewer build
# The image has its own Node 26, and its servers are other containers: no embedded runtime, no embedded database.
RUN npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:26-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app /app
# Volumes take the owner of the folder they are mounted on.
RUN mkdir /data /keys /creds /config && chown node:node /data /keys /creds /config
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||8080)+'/readyz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--max-semi-space-size=64", "twin/src/main.ts"]
