import type { Engine, RunOptions } from '@keepset/docker-engine';
import { toContainerConfig } from '@keepset/docker-engine';
import { readAccesses } from '@keepset/strace-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../../test-fixtures/images.ts';
import { openSubject, type Subject } from '../../test/run-both.ts';
import { isExpected, publishPorts, runService, type Service, type ServiceStep, traceRun } from '../index.js';

let engine: Engine;
let server: Subject;
let healthy: Subject;

beforeAll(async () => {
  engine = await connectTestEngine();
  server = await openSubject(engine, await ensureImage(engine, 'service'));
  healthy = await openSubject(engine, await ensureImage(engine, 'service-healthy'));
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

interface Asked {
  readonly command?: readonly string[];
  readonly options?: RunOptions;
  readonly service: Service;
}

const environment = { PATH: process.env.PATH };

function recordSteps(count: number) {
  const texts = Array.from({ length: count }, () => '');
  return {
    texts,
    onStepOutput(index: number, { bytes }: { bytes: Uint8Array }) {
      texts[index] += Buffer.from(bytes).toString();
    },
  };
}

/** As a result is asked: nothing of keepset's in the container. */
async function askPlain({ image, toolbox }: Subject, { command = [], options = {}, service }: Asked) {
  const config = publishPorts(
    toContainerConfig(image.id, command, options),
    service,
    image.config,
    engine.details,
  );
  await using container = await engine.createContainer(config, 'test');
  const { texts, onStepOutput } = recordSteps(service.steps.length);
  const outcome = await runService(
    container,
    config,
    { onOutput: () => {} },
    {
      service,
      engine,
      toolbox,
      image,
      environment,
      onStepOutput,
      async exec(words, onOutput) {
        const exec = await container.exec({ command: words });
        for await (const chunk of exec.output) await onOutput(chunk);
        return await exec.exitStatus();
      },
    },
  );
  return { ...outcome, texts };
}

async function askTraced(
  { image, toolbox, reader }: Subject,
  { command = [], options = {}, service }: Asked,
) {
  const { texts, onStepOutput } = recordSteps(service.steps.length);
  await using traced = await traceRun(engine, toolbox, reader, {
    image,
    command,
    options,
    streams: { onOutput: () => {} },
    service: { service, environment, onStepOutput },
  });
  const seen = new Set<string>();
  for (const read of [traced.readTrace, ...traced.execTraces.map(({ read }) => read)])
    for await (const { path, errno } of readAccesses(read(), { cwd: '/' }))
      if (errno === undefined) seen.add(path);
  const { service: outcome, exitStatus } = traced;
  return {
    ...outcome,
    exitStatus,
    texts,
    seen,
    execs: traced.execTraces.map(({ command }) => command.join(' ')),
  };
}

const http = (path: string, more: object = {}): ServiceStep => ({
  kind: 'http',
  method: 'GET',
  path,
  ...more,
});

describe('a server is asked, traced and not, and does the same', () => {
  const cases: [string, Asked & { readonly of: () => Subject }, string[]][] = [
    [
      'by HTTP',
      { of: () => server, service: { ready: [], steps: [http('/'), http('/missing', { status: 404 })] } },
      ['/var/www/html/index.html'],
    ],
    [
      'by HTTP, without a network',
      {
        of: () => server,
        options: { network: 'none' },
        service: { ready: [{ kind: 'http', method: 'GET', path: '/' }], steps: [http('/other.html')] },
      },
      ['/var/www/html/other.html'],
    ],
    [
      'by a probe on this machine',
      {
        of: () => server,
        service: {
          ready: [],
          steps: [
            {
              kind: 'probe',
              command: `bash -c 'exec 3<>/dev/tcp/$KEEPSET_HOST/$KEEPSET_PORT_80
                printf "GET /other.html HTTP/1.0\\r\\n\\r\\n" >&3; tail -n 1 <&3; test -n "$KEEPSET_CONTAINER_ID"'`,
            },
          ],
        },
      },
      ['/var/www/html/other.html'],
    ],
    [
      'by a command inside',
      {
        of: () => server,
        service: { ready: [{ kind: 'port', ports: [80] }], steps: [{ kind: 'exec', command: ['healthy'] }] },
      },
      ['/var/www/html/index.html', '/usr/local/bin/healthy', '/usr/bin/grep'],
    ],
    [
      'by its HEALTHCHECK alone',
      { of: () => healthy, service: { ready: [{ kind: 'healthy' }], steps: [] } },
      ['/usr/local/bin/healthy', '/usr/bin/grep'],
    ],
    [
      'once its output shows that it is there',
      {
        of: () => server,
        command: ['sh', '-c', 'echo up; exec nginx -g "daemon off;"'],
        service: {
          ready: [
            { kind: 'log', pattern: /^u.$/ },
            { kind: 'seconds', seconds: 1 },
          ],
          steps: [http('/other.html')],
        },
      },
      ['/var/www/html/other.html'],
    ],
    [
      'once it answers',
      {
        of: () => server,
        service: { ready: [{ kind: 'http', method: 'GET', path: '/' }], steps: [http('/')] },
      },
      ['/var/www/html/index.html'],
    ],
  ];

  it.each(cases)('%s', async (_title, { of, ...asked }, files) => {
    const plain = await askPlain(of(), asked);
    const traced = await askTraced(of(), asked);
    expect(plain.failure).toBeUndefined();
    expect(traced.failure).toBeUndefined();
    expect(plain.steps).toEqual(traced.steps);
    expect(plain.steps).toHaveLength(asked.service.steps.length);
    expect(plain.steps.every(isExpected)).toBe(true);
    expect(plain.texts).toEqual(traced.texts);
    // Its own stop signal lets it end as it likes.
    expect([plain.exitStatus, traced.exitStatus]).toEqual([0, 0]);
    expect([...traced.seen]).toEqual(expect.arrayContaining(files));
  });

  it('as whoever the image says, with its variables', async () => {
    const service: Service = {
      ready: [{ kind: 'seconds', seconds: 0 }],
      steps: [
        {
          kind: 'exec',
          command: ['sh', '-c', 'id; echo $HOME $A; pwd; grep -E "^(Cap|Groups)" /proc/self/status'],
        },
      ],
    };
    const asked = {
      command: ['sleep', 'infinity'],
      options: { user: '33', env: ['A=1 2', 'LD_PRELOAD='], workdir: '/var' },
      service: { ...service, graceSeconds: 0 },
    };
    const [plain, traced] = [await askPlain(server, asked), await askTraced(server, asked)];
    expect(plain.texts[0]).toMatch(/^uid=33\(www-data\)/);
    expect(traced.texts).toEqual(plain.texts);
  });
});

describe('what goes wrong with a service is told', () => {
  const sleepFor = (seconds: string) => ['sleep', seconds];
  const cases: [string, Asked, string, RegExp][] = [
    [
      'it ends at once',
      { command: ['sh', '-c', 'exit 7'], service: { ready: [], steps: [http('/')] } },
      'SERVICE_ENDED',
      /exit status 7\) before it was ready/,
    ],
    [
      'it ends while it is asked',
      {
        command: sleepFor('1'),
        service: {
          ready: [{ kind: 'seconds', seconds: 0 }],
          steps: [{ kind: 'exec', command: sleepFor('60') }],
        },
      },
      'SERVICE_ENDED',
      /exit status 0\) before all was asked/,
    ],
    [
      'it never listens',
      {
        command: sleepFor('60'),
        service: { ready: [], steps: [http('/')], readySecondsMax: 1, graceSeconds: 0 },
      },
      'SERVICE_NOT_READY',
      /not ready \(port=80\) after 1 s/,
    ],
    [
      'a step takes too long',
      {
        command: sleepFor('60'),
        service: {
          ready: [{ kind: 'seconds', seconds: 0 }],
          steps: [{ kind: 'probe', command: 'sleep 50' }],
          stepSecondsMax: 1,
          graceSeconds: 0,
        },
      },
      'STEP_TOO_LONG',
      /probe 'sleep 50' did not end within 1 s/,
    ],
  ];
  it.each(cases)('%s', async (_title, asked, code, message) => {
    for (const ask of [askPlain, askTraced]) {
      const { failure } = await ask(server, asked);
      expect(failure?.code).toBe(code);
      expect(failure?.message).toMatch(message);
    }
  });
});

describe('a worker that waits for something to do', () => {
  const waiting = async (command: readonly string[], options: RunOptions = {}) => {
    const { image, toolbox, reader } = server;
    const calls: number[] = [];
    await using _ = await traceRun(engine, toolbox, reader, {
      image,
      command,
      options,
      streams: { onOutput: () => {} },
      onWaiting: (seconds) => void calls.push(seconds),
    });
    return calls;
  };

  it('is told of once, while it goes on', async () => {
    expect(await waiting(['sh', '-c', 'i=0; while [ $i -lt 25 ]; do i=$((i + 1)); sleep 1; done'])).toEqual([
      expect.any(Number),
    ]);
  });

  it('is not where it has something to do, or waits for what it reads', async () => {
    expect(await waiting(['sh', '-c', 'i=0; while [ $i -lt 1500000 ]; do i=$((i + 1)); done'])).toEqual([]);
    expect(await waiting(['sleep', '20'], { interactive: true })).toEqual([]);
  });
});

describe('a server that nobody asks', () => {
  it('is told of, instead of being awaited forever', async () => {
    const { image, toolbox, reader } = server;
    const run = traceRun(engine, toolbox, reader, {
      image,
      command: [],
      options: {},
      streams: { onOutput: () => {} },
    });
    await expect(run).rejects.toMatchObject({
      code: 'SERVICE_UNASKED',
      message: 'the command listens on port 80 and waits: nothing asks it anything, and it does not end',
    });
  });
});
