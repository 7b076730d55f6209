# The image of keepset itself, before keepset shrinks it: `node bin/image.ts` does both. It puts an installed keepset into the
# context, as `app`, since what is published and what is tested are the same tarballs.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS toolbox
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends strace tar findutils util-linux coreutils \
 && rm -rf /var/lib/apt/lists/*
COPY gather.sh /
RUN sh /gather.sh

FROM ${BASE}
COPY --from=toolbox /toolbox /opt/toolbox
COPY app /opt/keepset
# The programs that are carried into containers are not looked for: after the shrink there is no other strace.
ENV KEEPSET_TOOLBOX=/opt/toolbox NODE_ENV=production
WORKDIR /work
ENTRYPOINT ["node", "--max-semi-space-size=1", "--", "/opt/keepset/node_modules/keepset/dist/keepset.js"]
CMD ["help"]
