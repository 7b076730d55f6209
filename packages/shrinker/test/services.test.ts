import type { Engine } from '@keepset/docker-engine';
import type { Service } from '@keepset/tracer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { type HereOptions, shrinkHere } from './shrink-here.ts';

let engine: Engine;
let server: string;
let healthy: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  server = await ensureImage(engine, 'service');
  healthy = await ensureImage(engine, 'service-healthy');
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

const probeEnvironment = { PATH: process.env.PATH };
const ask = (...steps: Service['steps']): Service => ({ ready: [], steps });
const get = (path: string, more: object = {}) => ({ kind: 'http' as const, method: 'GET', path, ...more });
const inside = (...command: string[]) => ({ kind: 'exec' as const, command });

/** Shrink, and let go of the image: nothing asks for it any more. */
async function shrinkOnce(request: HereOptions & { readonly image: string }) {
  const shrunk = await shrinkHere(engine, { probeEnvironment, ...request });
  await engine.removeImage(shrunk.result.id);
  return { ...shrunk, kept: [...shrunk.result.manifest.plan.kept.keys()] as string[] };
}

describe('a server is shrunk to what it needs to answer', () => {
  it('HTTP, whose answers the result gives as well', async () => {
    const { result, kept } = await shrinkOnce({
      image: server,
      service: ask(get('/'), get('/nothing', { status: 404 })),
    });
    expect(result.verified).toBe(true);
    expect(result.signs).toEqual([]);
    expect(kept).toEqual(expect.arrayContaining(['/usr/sbin/nginx', '/var/www/html/index.html']));
    expect(kept).not.toContain('/var/www/html/other.html');
    expect(result.resultBytes).toBeLessThan(result.sourceBytes * 0.1);
    const [run] = result.manifest.runs;
    expect(run?.steps?.map(({ name, status }) => [name, status])).toEqual([
      ['http GET /', 200],
      ['http GET /nothing=404', 404],
    ]);
  });

  it('a probe of this machine, and a command inside', async () => {
    const probe = {
      kind: 'probe' as const,
      command: `bash -c 'exec 3<>/dev/tcp/$KEEPSET_HOST/$KEEPSET_PORT_80; printf "GET /other.html HTTP/1.0\\r\\n\\r\\n" >&3; tail -n 1 <&3'`,
    };
    const { result, kept, stdout } = await shrinkOnce({
      image: server,
      service: ask(inside('grep', '-c', '.', '/etc/debian_version'), probe),
    });
    expect(stdout).toContain('<p>another page</p>');
    expect(kept).toEqual(
      expect.arrayContaining(['/usr/bin/grep', '/etc/debian_version', '/var/www/html/other.html']),
    );
    expect(result.manifest.runs).toHaveLength(1);
    const grep = result.manifest.plan.kept.get('/usr/bin/grep' as never);
    expect(grep?.reasons[0]).toMatchObject({ kind: 'access', run: 'main', action: 'execute' });
  });

  it('its HEALTHCHECK alone', async () => {
    const { result, kept } = await shrinkOnce({
      image: healthy,
      service: { ready: [{ kind: 'healthy' }], steps: [] },
    });
    expect(result.verified).toBe(true);
    expect(kept).toEqual(expect.arrayContaining(['/usr/local/bin/healthy', '/usr/bin/grep']));
  });
});

describe('a command that ends by itself', () => {
  it('keeps what HEALTHCHECK starts, and the result starts it as well', async () => {
    const { result, kept } = await shrinkOnce({ image: healthy, command: ['true'] });
    expect(result.manifest.runs.map(({ name, exitStatus }) => [name, exitStatus])).toEqual([
      ['main', 0],
      ['healthcheck', 1],
    ]);
    // It does not come as far as to grep: nothing listens.
    expect(kept).toEqual(expect.arrayContaining(['/usr/local/bin/healthy', '/usr/bin/bash']));
  });

  it('does so only if HEALTHCHECK is wanted', async () => {
    const { result } = await shrinkOnce({ image: healthy, command: ['true'], healthCheck: false });
    expect(result.manifest.runs.map(({ name }) => name)).toEqual(['main']);
  });
});

describe('a service that does otherwise', () => {
  const lockedWithout = async (image: string, service: Service, path: string) => {
    const { result } = await shrinkOnce({ image, service });
    return result.keepList
      .split('\n')
      .filter((line) => line !== path)
      .join('\n');
  };

  it('is refused, and told by its answer', async () => {
    const service = ask(get('/'));
    const locked = await lockedWithout(server, service, '/var/www/html/index.html');
    await expect(shrinkOnce({ image: server, service, locked })).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(/http GET \/ ended with (403|404) instead of 200/),
    });
  });

  it('is mended, if that is allowed', async () => {
    const service = ask(get('/'));
    const locked = await lockedWithout(server, service, '/var/www/html/index.html');
    const { result } = await shrinkOnce({ image: server, service, locked, repairRounds: 1 });
    expect(result.repairs.map(({ path }) => path)).toContain('/var/www/html/index.html');
  });

  it('and never becomes ready, is refused with what was awaited', async () => {
    const service = ask(inside('true'));
    const locked = await lockedWithout(server, service, '/etc/nginx/nginx.conf');
    await expect(shrinkOnce({ image: server, service, locked })).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(/the command ended \(exit status 1\) before it was ready/),
    });
  });
});

describe('what the source does not do makes no image', () => {
  it.each([
    ['a request', ask(get('/nothing')), 'http GET /nothing ended with HTTP 404 in the source image'],
    ['a command inside', ask(inside('false')), "exec 'false' ended with 1 in the source image"],
    ['a probe', ask({ kind: 'probe', command: 'exit 3' }), "probe 'exit 3' ended with 3 in the source image"],
  ])('%s', async (_title, service, message) => {
    await expect(shrinkOnce({ image: server, service })).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: `${message}, so no image was made`,
    });
  });

  it('a HEALTHCHECK that is not there', async () => {
    const service: Service = { ready: [{ kind: 'healthy' }], steps: [] };
    await expect(shrinkOnce({ image: server, service })).rejects.toMatchObject({
      code: 'HEALTHCHECK_MISSING',
    });
  });
});
