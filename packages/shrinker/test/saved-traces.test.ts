import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { traceToFile } from '../src/index.js';
import type { SavedRunFacts } from '../src/trace-file/saved-run.ts';
import { rewriteTrace } from './rewrite-trace.ts';
import { type HereOptions, runsOf, shrinkHere } from './shrink-here.ts';

let engine: Engine;
let base: string;
const folder = mkdtempSync(join(tmpdir(), 'test-traces-'));

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const options = { network: 'none' };

async function traced(name: string, request: HereOptions): Promise<string> {
  const file = join(folder, `${name}.trace`);
  const asked = { image: base, options, version: 'test', ...request };
  await traceToFile(engine, { ...asked, runs: runsOf(asked) }, file, {
    onOutput: () => {},
    onEvent: () => {},
  });
  return file;
}

async function shrinkFrom(files: readonly string[], request: object = {}) {
  const shrunk = await shrinkHere(engine, { from: { files }, ...request });
  await engine.removeImage(shrunk.result.id);
  return shrunk;
}

describe('a saved trace', () => {
  it('makes the image that the run itself makes, and nothing runs in the source again', async () => {
    const command = ['sh', '-c', 'cat /etc/debian_version; echo made > /tmp/made; echo told >&2'];
    const direct = await shrinkHere(engine, { image: base, command, options });
    await engine.removeImage(direct.result.id);
    const { result, events } = await shrinkFrom([await traced('direct', { command })]);
    expect(result.id).toBe(direct.result.id);
    expect(result.verified).toBe(true);
    expect(result.verification.files.exactly).toBe(1);
    const stages = events.flatMap((event) => (event.kind === 'stage-ended' ? [event.stage] : []));
    expect(stages).toEqual(['inspect', 'keep', 'build', 'verify']);
    expect(result.manifest.source.reference).toBe(base);
    expect(result.manifest.runs[0]).toMatchObject({
      exitStatus: 0,
      stdout: direct.result.manifest.runs[0]?.stdout,
    });
  });

  it('gives the result the same input', async () => {
    const stdin = async function* () {
      yield Buffer.from('one\ntwo\n');
    };
    const runs = [{ name: 'count', command: ['wc', '-l'], options: { interactive: true }, stdin }];
    const { result } = await shrinkFrom([await traced('input', { runs })]);
    expect(result.verified).toBe(true);
    expect(result.manifest.runs[0]?.stdout.sizeBytes).toBe(2);
  });

  it('of a crawl asks the result for what was found, and says what was left', async () => {
    const request = {
      image: await ensureImage(engine, 'too-little'),
      command: ['nginx', '-g', 'daemon off;'],
      options: { entrypoint: '' },
    };
    const steps = [{ kind: 'http' as const, method: 'GET', path: '/' }];
    const ask = (crawl: object) => ({ ...request, service: { ready: [], steps, ...crawl } });
    const whole = await shrinkFrom([await traced('crawl', ask({ crawl: { depth: 1 } }))]);
    expect(whole.result.manifest.runs[0]?.steps?.map(({ name }) => name)).toEqual([
      'http GET /',
      'http GET /app.js',
      'http GET /favicon.ico=404',
      'http GET /site.css',
      'http GET /paper.svg',
    ]);
    expect(whole.result.signs.map(({ kind }) => kind)).not.toContain('links-not-asked');
    const plain = await shrinkFrom([await traced('no-crawl', ask({}))]);
    expect(plain.result.signs.map(({ kind }) => kind)).toContain('links-not-asked');
  });

  it('of a service has what was asked of it, and the traces of what was started beside it', async () => {
    const service = {
      ready: [
        { kind: 'log' as const, pattern: /start/ },
        { kind: 'port' as const, ports: [80] },
      ],
      steps: [{ kind: 'exec' as const, command: ['healthy'] }],
    };
    const image = await ensureImage(engine, 'service');
    const command = ['sh', '-c', 'echo start; exec nginx -g "daemon off;"'];
    const file = await traced('service', { image, command, options: {}, service });
    await expect(shrinkFrom([file])).rejects.toMatchObject({
      code: 'TRACE_NOT_TRUSTED',
      details: ["  exec 'healthy'"],
    });
    const { result } = await shrinkFrom([file], { from: { files: [file], steps: service.steps } });
    expect(result.manifest.runs[0]?.steps).toMatchObject([{ name: "exec 'healthy'", status: 0 }]);
    expect(result.manifest.plan.kept.has('/usr/bin/grep' as never)).toBe(true);
  });

  it('can be joined with another', async () => {
    const files = [
      await traced('cat', { command: ['cat', '/etc/debian_version'] }),
      await traced('head', { command: ['head', '-c', '1', '/etc/issue'] }),
    ];
    const { result } = await shrinkFrom(files);
    expect(result.manifest.runs.map(({ name }) => name)).toEqual(['cat/main', 'head/main']);
    expect([...result.manifest.plan.kept.keys()]).toEqual(
      expect.arrayContaining(['/usr/bin/cat', '/usr/bin/head', '/etc/debian_version', '/etc/issue']),
    );
  });

  it('is for its owner alone', async () => {
    const file = join(folder, 'mode.trace');
    writeFileSync(file, '', { mode: 0o644 });
    expect(await traced('mode', { command: ['true'] })).toBe(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('holds no value of a variable', async () => {
    const file = await traced('secret', { command: ['true'], options: { ...options, env: ['TOKEN=12345'] } });
    expect(readFileSync(file, 'latin1')).toContain('TOKEN');
    expect(readFileSync(file, 'latin1')).not.toContain('12345');
    const { events } = await shrinkFrom([file]);
    expect(events).toContainEqual({
      kind: 'note',
      code: 'VARIABLES_MISSING',
      message: expect.stringContaining('TOKEN'),
    });
  });
});

describe('a trace file is data, and decides nothing', () => {
  const made = join(folder, 'made-on-the-host');
  const evil: readonly [string, (run: SavedRunFacts) => object, string][] = [
    [
      'a probe',
      () => ({ service: { ready: [], steps: [{ kind: 'probe', command: `id > ${made}` }] } }),
      `probe 'id > ${made}'`,
    ],
    [
      'a further program',
      () => ({ service: { ready: [], steps: [{ kind: 'exec', command: ['id'] }] } }),
      "exec 'id'",
    ],
    ...Object.entries({
      volume: [`${folder}:/host`],
      mount: [`type=bind,source=${folder},target=/host`],
      device: ['/dev/kmsg'],
      capAdd: ['SYS_ADMIN'],
      securityOpt: ['seccomp=unconfined'],
      network: 'host',
      publish: ['80:80'],
      gpus: 'all',
      sysctl: ['net.ipv4.ip_forward=1'],
    }).map(([key, value]): (typeof evil)[number] => [
      key,
      ({ options }) => ({ options: { ...options, [key]: value } }),
      `${key.replace('A', '-a').replace('O', '-o')} ${[value].flat()[0]}`,
    ]),
  ];

  it('what reaches beyond its container is shown, and has to be asked for again', async () => {
    const good = await traced('good', { command: ['true'] });
    for (const [what, change, shown] of evil) {
      const file = join(folder, 'evil.trace');
      await rewriteTrace(good, file, (facts) => {
        for (const run of facts.runs) Object.assign(run, change(run));
      });
      await expect(shrinkFrom([file]), what).rejects.toMatchObject({
        code: 'TRACE_NOT_TRUSTED',
        details: [`  ${shown}`],
      });
    }
    expect(existsSync(made)).toBe(false);
  });

  it('asked for again, or of a file that is trusted, it counts', async () => {
    const volume = [`${folder}:/host:ro`];
    const file = await traced('volume', { command: ['ls', '/host'], options: { network: 'none', volume } });
    await expect(shrinkFrom([file])).rejects.toMatchObject({ code: 'TRACE_NOT_TRUSTED' });
    const asked = await shrinkFrom([file], { from: { files: [file], options: { volume } } });
    const trusted = await shrinkFrom([file], { from: { files: [file], trust: true } });
    expect([asked, trusted].map(({ result }) => result.verified)).toEqual([true, true]);
  });
});

describe('a trace file that will not do is refused in a line', () => {
  const write = (name: string, bytes: Uint8Array | string) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
  const refusal = (file: string, code: string, message: RegExp) =>
    expect(shrinkFrom([file])).rejects.toMatchObject({ code, message: expect.stringMatching(message) });

  it('absent', async () => await refusal('/nowhere/x.trace', 'TRACE_FILE_INVALID', /ENOENT/));
  it('no tar', async () =>
    await refusal(write('a', 'x'.repeat(5000)), 'TRACE_FILE_INVALID', /no trace file/));
  it('cut off anywhere', async () => {
    const whole = readFileSync(await traced('whole', { command: ['true'] }));
    for (const share of [0.05, 0.3, 0.6, 0.8])
      await refusal(
        write('cut', whole.subarray(0, whole.length * share)),
        'TRACE_FILE_INVALID',
        /no trace file/,
      );
  });
  it('of a version to come', async () => {
    const whole = readFileSync(await traced('new', { command: ['true'] }), 'latin1');
    const newer = whole.replace('"traceFileVersion": 1', '"traceFileVersion": 9');
    await refusal(write('newer', Buffer.from(newer, 'latin1')), 'TRACE_FILE_INVALID', /of version 9/);
  });
  it('of another image than the one that is named', async () => {
    const file = await traced('other', { command: ['true'] });
    const image = await ensureImage(engine, 'service');
    await expect(shrinkFrom([file], { image })).rejects.toMatchObject({ code: 'SOURCES_DIFFER' });
  });
});
