import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAccesses } from '../src/accesses/read-accesses.js';
import { isRoundTrip } from '../src/events/check-round-trip.js';
import type { StraceEvent } from '../src/events/events.js';
import { parseStrace } from '../src/events/parse-strace.js';
import type { TraceInput } from '../src/input.js';

const CASES = fileURLToPath(new URL('../fixtures/found-logs/', import.meta.url));
const REAL = fileURLToPath(new URL('../../../test-fixtures/traces/real/', import.meta.url));
// In parts, so that every kind is tried on every flag set.
const LINES = 150;
const real = readdirSync(REAL)
  .filter((name) => name.endsWith('.log'))
  .map(
    (name) =>
      [name, readFileSync(join(REAL, name), 'latin1').split('\n').slice(0, -1).slice(0, LINES)] as const,
  );

async function eventsOf(log: TraceInput): Promise<StraceEvent[]> {
  const events: StraceEvent[] = [];
  for await (const event of parseStrace(log)) events.push(event);
  return events;
}

/** What an event says, wherever it stood and whatever was before it. */
function said(event: StraceEvent): string {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  const { byteOffset: _, prefix, ...rest } = JSON.parse(JSON.stringify(event, plain));
  const { foreign: __, ...own } = prefix;
  return JSON.stringify({ text: event.text, prefix: own, ...rest });
}

/** The first of two lists' items that differ: the lists are long. */
function difference(
  list: readonly string[],
  other: readonly string[],
): readonly (string | undefined)[] | undefined {
  const index = Array.from({ length: Math.max(list.length, other.length) }).findIndex(
    (_, i) => list[i] !== other[i],
  );
  return index < 0 ? undefined : [list[index], other[index]];
}

/** A call that the log does not end. */
function isOpen(event: StraceEvent): boolean {
  return event.kind === 'syscall' && event.completeness === 'unfinished';
}

async function accessesOf(log: TraceInput) {
  const reader = readAccesses(log);
  const accesses: string[] = [];
  for await (const access of reader) accesses.push(JSON.stringify(access));
  return { accesses, summary: reader.summary };
}

const bytesOf = (text: string) => Buffer.from(text, 'latin1');

describe('cases', () => {
  const paths = async (name: string) => {
    const { accesses, summary } = await accessesOf(readFileSync(join(CASES, `${name}.log`)));
    const seen = accesses
      .map((text) => JSON.parse(text))
      .map(({ action, path, errno }) => `${action} ${path} ${errno ?? ''}`);
    return { seen: seen.map((text) => text.trim()), unparsed: summary.unparsed, cut: summary.cut?.line };
  };

  it.each<[string, readonly string[], number?]>([
    ['01-crlf', ['open /etc/a', 'open /etc/b']],
    ['02-mail-quoted', ['open /etc/mtab', 'unmount /mnt ?'], 4],
    ['03-android-brace', ['open /system/lib/libc.so']],
    ['04-table-U', []],
    ['05-mmsg-dump', []],
    ['06-bom', ['open /etc/a']],
    ['07-utf16', ['open /etc/a']],
    ['08-prefixed', ['open /etc/a', 'open /etc/b', 'open /etc/c', 'open /etc/d', 'open /etc/e']],
    ['09-cat-n', ['open /etc/a', 'open /etc/b']],
    ['10-cut-last-line', ['open /etc/a', 'open /etc/b ?'], 2],
    ['11-fsconfig', ['mount /dev/x', 'mount /dev/sda1']],
    ['12-kvm', []],
  ])('%s: %j', async (name, accesses, cut) => {
    expect(await paths(name)).toEqual({ seen: accesses, unparsed: 0, cut });
    const events = await eventsOf(readFileSync(join(CASES, `${name}.log`)));
    expect(events.filter((event) => event.kind === 'unparsed' || !isRoundTrip(event))).toEqual([]);
  });

  it.each([
    ['14-qemu-user', 'qemu'],
    ['other-perf', 'perf trace'],
    ['other-ltrace', 'ltrace'],
    ['other-truss', 'truss'],
    ['other-dtruss', 'dtruss'],
    ['other-gvisor', 'gVisor'],
  ])('%s is refused by the name of %s', async (name, program) => {
    const log = readFileSync(join(CASES, `${name}.log`));
    const { accesses, summary } = await accessesOf(log);
    expect({ accesses, foreign: summary.foreign, events: summary.events }).toEqual({
      accesses: [],
      foreign: program,
      events: 0,
    });
    expect(summary.unparsed).toBe(summary.lines);
    for (const event of await eventsOf(log))
      expect(event).toMatchObject({ kind: 'unparsed', reason: `this is ${program}, not strace` });
  });

  it('only by one of its first 100 lines, in whatever chunks it comes', async () => {
    const foreignAt = async (line: number, chunkBytes: number) => {
      const lines = Array.from({ length: 200 }, (_, i) =>
        i + 1 === line ? '1 free(0) = <void>' : '1 brk(0) = 0',
      );
      const log = bytesOf(lines.join('\n'));
      const count = Math.ceil(log.length / chunkBytes);
      const chunks = Array.from({ length: count }, (_, i) =>
        log.subarray(i * chunkBytes, (i + 1) * chunkBytes),
      );
      return (await accessesOf(chunks)).summary.foreign;
    };
    for (const chunkBytes of [10, 100, 10_000])
      expect([await foreignAt(100, chunkBytes), await foreignAt(101, chunkBytes)]).toEqual([
        'ltrace',
        undefined,
      ]);
  });

  it.each(['this strace.go:12] is', '= -1 errno=2 (x)', 'Err#2 X', 'SYSCALL(args)', 'a\\" strace.go:12] '])(
    'but not by what the traced program writes: %s',
    async (text) => {
      const log = `1 write(2</tmp/${text.replaceAll('"', '')}>, "${text}", 9) = 9\n1 open("/x", O_RDONLY) = 3\n`;
      const { accesses, summary } = await accessesOf(log);
      expect([accesses.length, summary.foreign]).toEqual([1, undefined]);
    },
  );

  it('no log of strace is taken for another program’s', async () => {
    for (const [, lines] of real)
      expect((await accessesOf(lines.join('\n'))).summary.foreign).toBe(undefined);
  });
});

/** What may become of a log on its way, and what of it is then seen as foreign. */
const WRAPPINGS: Readonly<Record<string, (line: string, number: number) => string>> = {
  'a mail': (line) => `> ${line}`,
  'a mail in a mail': (line) => `> > ${line}`,
  'another mailer': (line) => `>> ${line}`,
  'docker compose': (line) => `web_1  | ${line}`,
  'docker compose today': (line) => `my-web-1  | ${line}`,
  'a container’s log with times': (line) => `2023-05-11T10:11:03.270123456Z ${line}`,
  'a log of CRI': (line) => `2023-05-11T10:11:03.270123456+02:00 stderr F ${line}`,
  'a time before it': (line) => `2023-05-11 10:11:03.270123 ${line}`,
  syslog: (line) => `May 11 10:11:03 my-host svc[71]: ${line}`,
  journald: (line) => `May  1 10:11:03.123456 host my-service[71]: ${line}`,
  'journald, short-iso': (line) => `2023-05-11T10:11:03+0200 host svc[71]: ${line}`,
  'grep -nH': (line, number) => `app.strace:${number}:${line}`,
  'grep -n': (line, number) => `${number}:${line}`,
  'grep -H': (line) => `strace.123:${line}`,
  'cat -n': (line, number) => `${String(number).padStart(6)}\t${line}`,
  'a tab': (line) => `\t${line}`,
  'a mail with a log of docker compose': (line) => `> web-1  | ${line}`,
};

describe('a log says the same, whatever stands before its lines', () => {
  // There, unlike here, lines of strace's have no beginning of their own: old strace's second halves without a name.
  const logs = real.filter(([name]) => !/dirs\.z\.log$/.test(name));

  it.each(Object.entries(WRAPPINGS))('%s', async (_what, wrap) => {
    for (const [name, lines] of logs) {
      const plain = (await eventsOf(bytesOf(lines.map((line) => `${line}\n`).join('')))).map(said);
      const wrapped = await eventsOf(bytesOf(lines.map((line, i) => `${wrap(line, i + 1)}\n`).join('')));
      expect([name, difference(wrapped.map(said), plain)]).toEqual([name, undefined]);
      expect(wrapped.filter((event) => event.kind !== 'unparsed' && !isRoundTrip(event))).toEqual([]);
    }
  });

  it('and says what was taken off', async () => {
    const { summary } = await accessesOf('> 1 close(3) = 0\n> web_1  | 1 close(3) = 0\n1 close(3) = 0\n');
    expect([...summary.stripped]).toEqual([
      ['quote', 2],
      ['compose', 1],
    ]);
    const [event] = await eventsOf('> web_1  | 7 close(3) = 0\n');
    expect(event?.prefix).toEqual({ pid: 7, foreign: '> web_1  | ' });
  });

  it('but not where it is to be kept', async () => {
    const events: StraceEvent[] = [];
    for await (const event of parseStrace('> 1 close(3) = 0\n', { stripPrefix: 'keep' })) events.push(event);
    expect(events).toMatchObject([{ kind: 'unparsed', text: '> 1 close(3) = 0' }]);
  });

  it.each([
    ['CR before LF', (text: string) => bytesOf(text.replaceAll('\n', '\r\n'))],
    ['a byte order mark', (text: string) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(text)])],
    ['UTF-16, little end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('%s', async (_what, encode) => {
    for (const [name, lines] of real) {
      const text = lines.join('\n');
      const plain = (await eventsOf(bytesOf(text))).map(said);
      const bytes = encode(text);
      expect([name, difference((await eventsOf(bytes)).map(said), plain)]).toEqual([name, undefined]);
      // In chunks that cut everything in two.
      const chunks = [...bytes.subarray(0, 4000)].map((byte) => Uint8Array.of(byte));
      const begun = (await eventsOf(chunks)).map(said).slice(0, 10);
      expect(begun).toEqual(plain.slice(0, 10));
    }
  });
});

describe('a log that is cut', () => {
  it('anywhere has what came before, and says that it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...real),
        fc.nat(LINES - 2),
        fc.nat(300),
        async ([name, lines], count, at) => {
          const before = lines.slice(0, Math.min(count, lines.length - 1));
          const last = lines[before.length] ?? '';
          const cut = last.slice(0, at % (last.length + 1));
          const whole = await eventsOf(bytesOf([...before, ''].join('\n')));
          const events = await eventsOf(bytesOf([...before, cut].join('\n')));
          const unparsed = events.filter(({ kind }) => kind === 'unparsed').map(({ text }) => text);
          expect({ name, cut, unparsed }).toEqual({ name, cut, unparsed: [] });
          // What was open at the end may have ended in the last line.
          const closed = whole.filter((event) => event.kind !== 'cut' && !isOpen(event)).map(said);
          const seen = new Set(events.map(said));
          expect({ name, cut, lost: closed.filter((text) => !seen.has(text)) }).toEqual({
            name,
            cut,
            lost: [],
          });
        },
      ),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['1 openat(AT_FDCWD, "/x", O_WRONLY|O_CR', 'write /x ?'],
    ['1 openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENO', 'open /x ?'],
    ['1 openat(AT_FDCWD, "/x", O_RDONLY) = 3</x', 'open /x ?'],
    ['1 openat(AT_FDCWD, "/x", O_RDONLY <unfin', 'open /x ?'],
    ['1 openat(AT_FDCWD, "/x', undefined],
    ['1 rename("/x", "/y"', 'rename /x ?,create /y ?'],
    ['1 +++ exited wi', undefined],
    ['1 --- SIGCHLD {si_si', undefined],
    ['[pid  1', undefined],
    ['12:3', undefined],
  ])('%j: %s', async (line, accesses) => {
    const reader = readAccesses(`1 close(3) = 0\n${line}`);
    const found: string[] = [];
    for await (const { action, path, errno } of reader) found.push(`${action} ${path} ${errno ?? ''}`.trim());
    expect(found.join() || undefined).toBe(accesses);
    expect(reader.summary).toMatchObject({ unparsed: 0, events: 1, cut: { line: 2 } });
  });

  it('and one that ends in a foreign line is not', async () => {
    const { summary } = await accessesOf('1 close(3) = 0\nhello, world');
    expect(summary).toMatchObject({ unparsed: 1, cut: undefined });
  });
});
