import type { Engine } from '@keepset/docker-engine';
import { ensureBase } from '../test-fixtures/images.ts';

export const SERVICES_IMAGE = 'keepset-bench/services:1';

/** An image with Debian's nginx, Redis and PostgreSQL, built once. @returns its reference */
export async function ensureServices(engine: Engine): Promise<string> {
  if ((await engine.inspectImage(SERVICES_IMAGE)) !== undefined) return SERVICES_IMAGE;
  const dockerfile = `FROM ${await ensureBase(engine)}
RUN apt-get update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx redis-server postgresql-15 \\
 && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15/main && install -d -o postgres /data
`;
  const header = { name: 'Dockerfile' };
  await engine.buildImage([{ header, content: Buffer.from(dockerfile) }], { tag: SERVICES_IMAGE });
  return SERVICES_IMAGE;
}
