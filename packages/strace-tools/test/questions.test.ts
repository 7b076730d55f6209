import { describe, expect, it } from 'vitest';
import {
  type Connection,
  connections,
  diffRuns,
  environments,
  failures,
  filterEvents,
  processTree,
  summariseFiles,
  summariseTimes,
} from '../src/index.js';
import { ANSWERED, DATAGRAM, deeds, SENT, truthOf, WHOLE_SETS } from './deeds.ts';

describe.each(WHOLE_SETS)('the answers about what a program did, under %s', (set) => {
  const truth = truthOf(set);
  const path = (name: string) => `${truth.directory}/${name}`;

  it('files: what was opened, made, removed, missed, and how many bytes went where', async () => {
    const files = new Map((await summariseFiles(deeds(set))).map((file) => [file.path, file]));
    const { bytesWritten, bytesRead, missing } = truth;
    expect(files.get(path('written'))).toMatchObject({ opened: 1, written: 1, bytesWritten, bytesRead });
    expect(files.get(path('made'))).toMatchObject({ created: 1, removed: 1 });
    expect(files.get(path('moved'))).toMatchObject({ created: 1, removed: 1 });
    expect(files.get(path('place'))).toMatchObject({ created: 1 });
    expect(files.get(path('sought'))).toMatchObject({
      opened: 0,
      failed: missing,
      errors: { ENOENT: missing },
    });
    expect(files.get(path('place/sought'))).toMatchObject({ opened: missing, written: 1 });
    const doers = files.get(path('written'))?.programs.map((program) => program.replace(/.*\//, ''));
    expect(doers).toEqual(['known-deeds']);
  });

  it('tree: who made whom, what each executed, how it ended', async () => {
    const roots = await processTree(deeds(set));
    const root = roots.find(({ pid }) => pid === truth.self);
    expect(roots).toHaveLength(1);
    expect(root?.end).toEqual({ how: 'exited', status: 0 });
    const children = new Map(root?.children.map((child) => [child.pid, child]));
    expect(children.get(truth.idleChild)).toMatchObject({ programs: [], end: { how: 'exited', status: 3 } });
    expect(children.get(truth.killedChild)).toMatchObject({ end: { how: 'killed', signal: 'SIGKILL' } });
    const runner = children.get(truth.runningChild);
    expect(runner?.programs.map((program) => program.path)).toEqual(['/bin/true']);
    expect(runner?.programs[0]?.argv).toEqual(['true', 'an argument']);
    // It slept for 50 ms.
    expect(children.get(truth.idleChild)?.wallTime).toBeGreaterThanOrEqual(0.049);
    expect(root?.children).toHaveLength(4);
  });

  it('times: sleeps are as long as they were', async () => {
    const { calls, slowest, processes } = await summariseTimes(deeds(set), { slowest: 3 });
    const sleeps = calls.find(({ name }) => /nanosleep$/.test(name));
    expect(sleeps?.count).toBe(2);
    expect(sleeps?.total).toBeGreaterThanOrEqual(0.079);
    expect(sleeps?.longest).toBeGreaterThanOrEqual(0.049);
    expect(slowest).toHaveLength(3);
    expect(processes.map(({ name }) => name)).toContain(String(truth.self));
  });

  it('net: to whom, how much, and what failed', async () => {
    const found = await connections(deeds(set));
    const kinds = found.map(({ direction, family, address, port, bytesSent, bytesReceived, error }) => ({
      direction,
      family,
      address,
      port,
      bytesSent,
      bytesReceived,
      error,
    }));
    const none = { bytesSent: 0, bytesReceived: 0, error: undefined };
    const inet = { family: 'AF_INET', address: '127.0.0.1' };
    const { port } = truth;
    expect(kinds).toContainEqual({
      ...none,
      ...inet,
      direction: 'out',
      port,
      bytesSent: SENT,
      bytesReceived: ANSWERED,
    });
    expect(kinds).toContainEqual({ ...none, ...inet, direction: 'out', port, error: 'ECONNREFUSED' });
    expect(kinds).toContainEqual({ ...none, ...inet, direction: 'out', port: 9, bytesSent: DATAGRAM });
    const unix = { family: 'AF_UNIX', address: 'no-socket', port: undefined };
    expect(kinds).toContainEqual({ ...none, ...unix, direction: 'out', error: 'ENOENT' });
    const accepted = kinds.find(({ direction }) => direction === 'in');
    expect(accepted).toMatchObject({ family: 'AF_INET', bytesSent: ANSWERED, bytesReceived: SENT });
    expect(kinds).toHaveLength(6);
  });

  it('env: what a program was given', async () => {
    const given: (ReadonlyMap<string, string> | undefined)[] = [];
    for await (const { pid, variables } of environments(deeds(set)))
      if (pid === truth.runningChild) given.push(variables);
    expect(given).toEqual([
      new Map([
        ['KNOWN', 'deed'],
        ['EMPTY', ''],
        ['SPACES', 'a b  c'],
      ]),
    ]);
  });

  it('errors: what was missed, and that it was found in another place', async () => {
    const failed = await failures(deeds(set));
    expect(failed.find((failure) => failure.path === path('sought'))).toMatchObject({
      errno: 'ENOENT',
      count: truth.missing,
      next: { found: truth.missing },
      nextText: path('place/sought'),
    });
  });

  it('filters count the same events, and only those', async () => {
    const filter = { pids: [truth.self], paths: [path('**')], calls: ['open*'], errnos: ['ENOENT'] };
    const texts: string[] = [];
    for await (const event of filterEvents(deeds(set), filter)) texts.push(event.kind);
    expect(texts).toEqual(Array(truth.missing).fill('syscall'));
    const files = await summariseFiles(deeds(set), { filter });
    expect(files.map((file) => [file.path, file.failed])).toEqual([[path('sought'), truth.missing]]);
    const out = await connections(deeds(set), { filter: { calls: ['sendto'] } });
    const ports = out.map((connection: Connection) => connection.port);
    expect(ports).toContain(9);
    expect(out.every(({ bytesSent }) => bytesSent > 0)).toBe(true);
    const byProgram = await processTree(deeds(set), { filter: { programs: ['true'] } });
    expect(byProgram.map(({ pid }) => pid)).toEqual([truth.runningChild]);
  });
});

describe('two runs', () => {
  const settle = ({ what, text }: { readonly what: string; readonly text: string }) =>
    `${what} ${text.replace(/\/tmp\/keepset-deeds-\*?\/d-\*?/, 'D')}`;

  it('of the same program differ in what one of them did more', async () => {
    const { onlyFirst, onlySecond } = await diffRuns(deeds('everything'), deeds('more'));
    const more = onlySecond
      .map(settle)
      .filter((text) => !/deeds\.(everything|more)\.truth|connection/.test(text));
    expect(more).toEqual(['file open /etc/hostname']);
    const less = onlyFirst
      .map(settle)
      .filter((text) => !/deeds\.(everything|more)\.truth|connection/.test(text));
    expect(less).toEqual([]);
  });

  it('that are one do not differ', async () => {
    expect(await diffRuns(deeds('everything'), deeds('everything'))).toEqual({
      onlyFirst: [],
      onlySecond: [],
    });
  });
});
