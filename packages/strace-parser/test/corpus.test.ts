import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findCall } from '../src/accesses/call-table.js';
import { fileAccesses } from '../src/accesses/file-accesses.js';
import { readAccesses } from '../src/accesses/read-accesses.js';
import { isRoundTrip } from '../src/events/check-round-trip.js';
import type { StraceEvent } from '../src/events/events.js';
import { parseStrace } from '../src/events/parse-strace.js';
import { parseStraceSet } from '../src/events/parse-strace-set.js';
import { printPath } from '../src/text/print-path.js';
import { CORPUS } from './record-corpus.ts';

const TRACES = fileURLToPath(new URL('../../../test-fixtures/traces/', import.meta.url));
const files = (directory: string, name: RegExp) =>
  readdirSync(directory)
    .filter((file) => name.test(file))
    .map((file) => join(directory, file));
const recorded = files(CORPUS, /\.log(\.\d+)?$/);
const logs = [
  ...files(join(TRACES, 'real'), /\.log$/),
  ...files(join(TRACES, 'wild'), /\.txt$/),
  ...recorded,
];
// Here the program's own output is in the middle of its calls.
const MIXED = new Set(['issue_ctf_stdout_mixed.txt']);

async function read(log: string): Promise<StraceEvent[]> {
  const events: StraceEvent[] = [];
  for await (const event of parseStrace(createReadStream(log))) events.push(event);
  return events;
}

describe('every log that strace wrote', () => {
  it.each(logs.map((log) => [log.replace(/.*\//, ''), log] as const))(
    '%s is read and printed back',
    async (name, log) => {
      const events = await read(log);
      const unparsed = events.filter((event) => event.kind === 'unparsed');
      expect(unparsed.map(({ line, reason, text }) => ({ line, reason, text }))).toEqual([]);
      expect(events.filter((event) => !isRoundTrip(event)).map(({ line, text }) => ({ line, text }))).toEqual(
        [],
      );
      if (!MIXED.has(name)) expect(textNodes(events)).toEqual([]);

      // Every line is in exactly one event. strace tells twice of a clone: when it begins, and when it ends.
      const seen = new Map<number, string>();
      for (const event of events) {
        if (event.kind === 'forking' || event.kind === 'named') continue;
        const parts = event.kind === 'syscall' ? event.parts : [{ line: event.line, text: event.text }];
        for (const part of parts)
          if (event.kind !== 'message' || !seen.has(part.line)) seen.set(part.line, part.text);
      }
      const lines = readFileSync(log, 'latin1').replace(/\n$/, '').split('\n');
      expect([...seen.keys()].sort((a, b) => a - b)).toEqual(lines.map((_, i) => i + 1));
    },
  );

  it.each(logs.map((log) => [log.replace(/.*\//, ''), log] as const))(
    '%s: both ways to its accesses agree',
    async (_name, log) => {
      const slow: string[] = [];
      for await (const access of fileAccesses(parseStrace(createReadStream(log))))
        slow.push(JSON.stringify(access));
      const fast: string[] = [];
      const reader = readAccesses(createReadStream(log, { highWaterMark: 1000 }));
      for await (const access of reader) fast.push(JSON.stringify(access));
      expect(fast).toEqual(slow);
      expect(reader.summary.unparsed).toBe(0);
    },
  );
});

/** Arguments that fitted no kind of node. */
function textNodes(events: readonly StraceEvent[]): string[] {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { kind, text } = value as { kind?: string; text?: string };
    if (kind === 'text' && text !== undefined && text.trim() !== '') texts.push(text);
    else Object.values(value).forEach(visit);
  };
  for (const event of events) {
    if (event.kind === 'syscall') visit([event.arguments, event.result]);
    // In old versions words, not a siginfo, follow the signal's name.
    else if (event.kind === 'signal' && event.infoText.startsWith('{')) visit(event.info);
  }
  return texts;
}

const ERRNO: Readonly<Record<number, string>> = {
  2: 'ENOENT',
  17: 'EEXIST',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
};

it('every call that strace traces as one with paths is one here', async () => {
  const names = new Set<string>();
  // strace has no name for calls that are newer than itself, and traces them whatever is asked for.
  for (const event of await read(join(CORPUS, 'every-call.file.log')))
    if (event.kind === 'syscall' && !event.name.startsWith('syscall_')) names.add(event.name);
  expect([...names].filter((name) => findCall(name) === undefined)).toEqual([]);
  expect(names.size).toBeGreaterThan(60);
});

describe('files whose names look like strace output', () => {
  const truths = files(CORPUS, /^hostile-names\..*\.truth$/);

  it('has recordings', () => expect(truths.length).toBeGreaterThan(7));

  it.each(truths.map((truth) => [truth.replace(/.*\//, ''), truth] as const))(
    '%s: what the log says is what was done',
    async (name, truth) => {
      const done = readFileSync(truth, 'latin1')
        .trim()
        .split('\n')
        .map((line) => {
          const [action = '', result = '', path = ''] = line.split(' ');
          return `${action} ${Number(result) < 0 ? ERRNO[-Number(result)] : 'ok'} ${printPath(Buffer.from(path, 'hex').toString('latin1'))}`;
        });
      const said: string[] = [];
      const set = files(CORPUS, new RegExp(`^${name.replace('.truth', '\\.log(\\.\\d+)?$')}`)).sort();
      const events = parseStraceSet(
        set.map((log, i) => ({ pid: Number(/\d+$/.exec(log)?.[0] ?? -1 - i), input: createReadStream(log) })),
      );
      const accesses = set.length === 1 ? readAccesses(createReadStream(set[0] ?? '')) : fileAccesses(events);
      for await (const { action, errno, path } of accesses)
        said.push(`${action} ${errno ?? 'ok'} ${printPath(path)}`);
      // The program says only what it did itself: the loader's files, and those for the record, are more.
      let from = 0;
      for (const thing of done) {
        const at = said.indexOf(thing, from);
        expect(at, `${thing} after ${said[from - 1]}`).toBeGreaterThanOrEqual(0);
        expect(at - from, `before ${thing}`).toBeLessThan(40);
        from = at + 1;
      }
      expect(done.length).toBeGreaterThan(1000);
    },
  );
});

/** Without what differs from run to run, and from one way to the other into the same directory. */
const plain = (path: string) => path.replace(/keepset-[\w-]+/, 'X').replaceAll('sub/../', '');

describe('a process tree', () => {
  it('is the same in one log and in a set of logs', async () => {
    const set = files(CORPUS, /^processes\.detached-set\.log\.\d+$/).sort();
    expect(set.length).toBeGreaterThan(5);
    const paths = new Set<string>();
    const inputs = set.map((log) => ({ pid: Number(/\d+$/.exec(log)?.[0]), input: createReadStream(log) }));
    for await (const access of fileAccesses(parseStraceSet(inputs))) paths.add(plain(access.path));
    const whole = new Set<string>();
    for await (const access of readAccesses(createReadStream(join(CORPUS, 'processes.f.log')))) {
      whole.add(plain(access.path));
    }
    expect([...paths].filter((path) => path.startsWith('/tmp')).sort()).toEqual(
      [...whole].filter((path) => path.startsWith('/tmp')).sort(),
    );
  });

  it.each(['f', 'keepset', 'names', 'times'])('under %s every process has its own directory', async (set) => {
    const paths = new Map<string, number>();
    for await (const { path, action, errno } of readAccesses(
      createReadStream(join(CORPUS, `processes.${set}.log`)),
    )) {
      const key = `${action} ${errno ?? 'ok'} ${plain(path)}`;
      paths.set(key, (paths.get(key) ?? 0) + 1);
    }
    // Opened in "sub" by a child, by a clone that shares the directory with its parent, and by that parent.
    expect(paths.get('open ok /tmp/X/sub/file')).toBeGreaterThanOrEqual(202);
    expect(paths.get('open ENOENT /tmp/X/sub/missing')).toBe(50);
    expect(paths.get('execute ENOENT /nonexistent/program')).toBe(1);
  });
});

// Seen with strace 6.1 under `-f -z`: a call of a thread that is being killed is cut off without a mark, and the next
// process's line follows it on the same one.
it('a line that strace glued to a call it had cut off is read as its own', async () => {
  const log = [
    '26174 ???(26165 kill(26174, SIGKILL <unfinished ...>\n',
    ')                                       = 0\n',
    '26174 <... ??? resumed>)                = ?\n',
  ].join('');
  const names: string[] = [];
  for await (const event of parseStrace(log)) if (event.kind === 'syscall') names.push(event.name);
  expect(names).toContain('kill');
});

// Seen with strace 6.1 under `-f -ttt -T -y` on a terminal; the same within other arguments is read.
it('strace’s own line right after an annotation is taken out of the call', async () => {
  const log = [
    '[pid 14110] 1795506150.205502 close(4</tmp/sub/file>strace: Process 14111 attached\n',
    ') = 0 <0.000228>\n',
  ].join('');
  const kinds: string[] = [];
  for await (const event of parseStrace(log)) kinds.push(event.kind);
  expect(kinds).not.toContain('unparsed');
});
