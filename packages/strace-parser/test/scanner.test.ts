import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileScanner } from '../scanner/compile.ts';
import { findCall } from '../src/accesses/call-table.js';
import { readAccesses } from '../src/accesses/read-accesses.js';
import { LineWindow } from '../src/lines/line-window.js';
import { loadScanner, startScanner } from '../src/scanner/scanner.js';
import { Memory, Report, Shape, Stop } from '../src/scanner/scanner-layout.js';
import { encodeBytes } from '../src/text/decode-bytes.js';

const TRACES = fileURLToPath(new URL('../../../test-fixtures/traces/', import.meta.url));

describe('the scanner', () => {
  it('is what scanner/scan-lines.ts compiles to', async () => {
    const there = readFileSync(new URL('../src/scanner/scanner-code.ts', import.meta.url), 'utf8');
    expect(await compileScanner()).toBe(there);
  });

  it.each([
    ['1 open("/x", O_RDONLY) = 3\n', 'read'],
    ['1 openat(AT_FDCWD</home>, "x", O_RDONLY|O_CLOEXEC) = 3</home/x>\n', 'read'],
    ['1 newfstatat(3</home>, "", {st_mode=S_IFREG|0644, st_size=7, ...}, AT_EMPTY_PATH) = 0\n', 'read'],
    ['1 newfstatat(3, "", {st_mode=S_IFREG, ...}, AT_EMPTY_PATH) = 0\n', 'read'],
    ['1 access("/x", R_OK)   = -1 ENOENT (No such file or directory) <0.000010>\n', 'read'],
    ['1 12:00:01.123456 0.000012 access("/x", R_OK) = 0\n', 'read'],
    ['1 access("/x", R_OK <unfinished ...>\n1 <... access resumed>) = 0\n', 'read'],
    ['1 stat("/x",  <unfinished ...>\n1 <... stat resumed>0x7ffd00, 0) = 0\n', 'own'],
    [
      '1 execve("/x", ["x"], 0x7ff0 /* 3 vars */ <unfinished ...>\n1 <... execve resumed>) = -1 ENOENT (x)\n',
      'read',
    ],
    // Whatever is not in its usual spelling, or means more than an access, is read in full.
    ['1 execve("/x", ["x"], 0x7ff0 /* 3 vars */) = 0\n', 'own'],
    ['1 chdir("/x") = 0\n', 'own'],
    ['1 access("/x\\n", R_OK) = 0\n', 'own'],
    ['1 access("/x"..., R_OK) = 0\n', 'own'],
    ['1 access("/x", R_OK) = 0 <unfinished ...>\n', 'own'],
    ['1 open("/x", O_RDONLY) = 3 <0.000010> <unfinished ...>\n', 'own'],
    ['1 open("/x", O_RDONLY) = 99999999999\n', 'own'],
    ['1 newfstatat(AT_FDCWD, "x", {st_rdev=makedev(1, 3), ...}, 0) = 0\n', 'own'],
    ['1 <... access resumed>) = 0\n', 'own'],
    ['1 +++ exited with 0 +++\n', 'own'],
    ['1 --- SIGCHLD {si_signo=SIGCHLD} ---\n', 'own'],
    ['1 +++ killed by SIGKILL (core dumped) +++\n', 'own'],
    // The rest of another thread's call may look so.
    ['1 --- SIGCHLD {si_sig\n', 'any'],
    ['1 +++ exited wi +++\n', 'any'],
    ['1 +++ superseded by execve in pid 2 +++\n', 'any'],
    ['1 frobnicate(2) = 0\n', 'any'],
    ['1 access(2 access("/x", R_OK) = 0\n', 'any'],
    ['strace: Process 2 attached\n', 'any'],
    ['1 access("/x", R_OK) = 0', 'incomplete'],
    ['1 access("/x", R_OK <unfinished ...>', 'incomplete'],
  ])('%j: %s', async (log, outcome) => {
    await loadScanner();
    const scanner = startScanner();
    if (scanner === undefined) throw new Error('this engine has no WebAssembly, or no vectors in it');
    for (const name of ['open', 'openat', 'newfstatat', 'stat', 'access', 'execve', 'chdir']) {
      encodeBytes(name, scanner.bytes, Memory.Scratch);
      const spec = findCall(name);
      scanner.learn(name.length, (spec?.shape ?? Shape.Full) | (spec?.at ? Shape.At : 0));
    }
    const window = new LineWindow(scanner.bytes, Memory.Window);
    window.push(new TextEncoder().encode(log), 0, log.length);
    const count = scanner.scan(window.start, window.end, 0, 1, 2);
    const stop = scanner.numbers[Report.Stop];
    if (outcome === 'read') expect([count, stop]).toEqual([1, Stop.Incomplete]);
    else
      expect([count, stop]).toEqual([
        0,
        { own: Stop.Own, any: Stop.Any, incomplete: Stop.Incomplete }[outcome],
      ]);
  });
});

describe('accesses with the scanner and without', () => {
  const logs = [
    ...readdirSync(join(TRACES, 'real')).map((name) => join(TRACES, 'real', name)),
    ...readdirSync(join(TRACES, 'wild')).map((name) => join(TRACES, 'wild', name)),
  ].filter((name) => /\.(log|txt)$/.test(name));
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  /** The same reader, where there is no WebAssembly. */
  async function withoutScanner(): Promise<typeof readAccesses> {
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    return (await import('../src/accesses/read-accesses.js')).readAccesses;
  }

  async function found(read: typeof readAccesses, log: Uint8Array, chunkBytes: number) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < log.length; at += chunkBytes) chunks.push(log.subarray(at, at + chunkBytes));
    const reader = read(chunks);
    const accesses: string[] = [];
    for await (const batch of reader.batches())
      for (const access of batch) accesses.push(JSON.stringify(access));
    const { exits, ...summary } = reader.summary;
    return { accesses, summary: JSON.stringify(summary), exits: [...exits] };
  }

  /** A log is surely strace's only after some lines: then the scanner reads, and knows these calls. */
  const INTRODUCTION = '1 00:00:00 access("/x", R_OK) = 0\n1 brk(0) = 0\n1 open("/x", O_RDONLY) = 3\n'.repeat(
    100,
  );

  it.each([
    ['over midnights of which only calls that touch no path tell', 'HH:00:00 brk(0) = 0'],
    ['over midnights on lines that are read in full', 'HH:00:00 chdir("/") = 0'],
    ['with numbers that are no times', 'HH:00:00 is no time'],
  ])('are the same %s', async (_what, line) => {
    const withoutIt = await withoutScanner();
    const hours = Array.from({ length: 50 }, (_, i) =>
      line.replace('HH', String((i * 5) % 24).padStart(2, '0')),
    );
    const log = Buffer.from(`${INTRODUCTION}1 ${hours.join('\n1 ')}\n1 00:00:07 access("/x", R_OK) = 0\n`);
    expect(await found(readAccesses, log, 65536)).toEqual(await found(withoutIt, log, 65536));
  });

  it.each([
    ['a result breaks off', ['1 open("/x", O_RDONLY) = -', ' > /lib/x.so(f+0x7) [0xf8bf7]']],
    ['a prefix is no longer there', ['> 1 brk(0) = 0', '1 brk(0) = 0', '> /lib/x.so(f+0x7) [0xf8bf7]']],
    [
      'the rest of a call looks like a signal',
      ['2 open("/x", O_RDONLY <unfinished ...>', '[pid 1] --- ) = 3'],
    ],
    [
      'a call is looked at again half a day after it began',
      [
        '2 01:00:00 open("/x", O_RDONLY <unfinished ...>',
        '1 12:00:00 brk(0) = 0',
        '1 23:00:00 brk(0) = 0',
        '1 is none',
        '1 03:00:00 access("/x", R_OK) = 0',
      ],
    ],
  ])('are the same where %s', async (_what, lines) => {
    const withoutIt = await withoutScanner();
    const log = Buffer.from(`${INTRODUCTION}${lines.join('\n')}\n`);
    expect(await found(readAccesses, log, 65536)).toEqual(await found(withoutIt, log, 65536));
  });

  it('are the same, whatever has become of the log', async () => {
    const withoutIt = await withoutScanner();
    const texts = logs.map((log) => readFileSync(log, 'latin1').split('\n'));
    const piece = fc.constantFrom(...PIECES);
    const damage = fc.record({
      kind: fc.constantFrom(
        'cut',
        'insert',
        'drop line',
        'repeat line',
        'end line',
        'join lines',
        'move line',
      ),
      line: fc.nat(300),
      at: fc.nat(120),
      piece,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.nat(5000),
        fc.array(damage, { maxLength: 12 }),
        fc.constantFrom(65536, 1000, 97),
        async (lines, start, damages, chunkBytes) => {
          const from = start % lines.length;
          const damaged = damages.reduce(apply, lines.slice(from, from + 300));
          // Of an execve that fails the scanner does not look at the arguments.
          const text = damaged.filter((line) => !/execve.*<unfinished/.test(line)).join('\n');
          const log = encodeBytes(text, new Uint8Array(text.length));
          expect(await found(readAccesses, log, chunkBytes)).toEqual(await found(withoutIt, log, 65536));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

it('a name that was read in full is not taken for another that was there before', async () => {
  const lines: string[] = [];
  const names: string[] = [];
  const open = (name: string, flags: string) => {
    lines.push(`1 open("${name}", ${flags}) = 3`);
    names.push(name);
  };
  for (let i = 0; i < 3000; i++) {
    open(`/known${i}`, 'O_RDONLY');
    open(`/known${i}`, 'O_RDONLY');
    open(`/new${i}`, 'O_RDONLY|0x40000000');
    open(`/new${i}`, 'O_RDONLY');
  }
  const paths: string[] = [];
  for await (const { path } of readAccesses(`${lines.join('\n')}\n`)) paths.push(path);
  expect(paths).toEqual(names);
});

it('one after another may use the same scanner, and two at a time do not', async () => {
  const logOf = (name: string, lines: number) =>
    Array.from({ length: lines }, (_, i) => `${i % 7} open("/${name}${i}", O_RDONLY <unfinished ...>\n`)
      .concat(Array.from({ length: lines }, (_, i) => `${i % 7} <... open resumed>) = 3\n`))
      .join('');
  const read = async (name: string) => {
    const reader = readAccesses([Buffer.from(logOf(name, 7)), Buffer.from(logOf(name, 5000))]);
    const paths = new Set<string>();
    let foreign = 0;
    for await (const { path } of reader) {
      paths.add(path);
      if (!path.startsWith(`/${name}`)) foreign++;
    }
    // A reader that is at its end leaves what it had to the next one, and looks at it no more.
    for await (const _ of readAccesses(logOf('other', 7))) foreign += 0;
    return { count: paths.size, foreign, unparsed: reader.summary.unparsed };
  };
  const right = { count: 5000, foreign: 0, unparsed: 0 };
  expect(await read('a')).toEqual(right);
  expect(await Promise.all([read('b'), read('c'), read('d')])).toEqual([right, right, right]);
});

/** What means something to the grammar of lines. */
const PIECES = [
  ...'"<>(){}[],=\\/09\u0001\u00ff',
  ', ',
  ' = ',
  ' <unfinished ...>',
  '<... openat resumed>',
  '[pid 12] ',
  '-1 ENOENT (x)',
  '12 ',
  'AT_FDCWD',
  '...',
];

interface Damage {
  readonly kind: string;
  readonly line: number;
  readonly at: number;
  readonly piece: string;
}

function apply(lines: readonly string[], { kind, line, at, piece }: Damage): string[] {
  const i = line % Math.max(1, lines.length);
  const text = lines[i] ?? '';
  const place = at % (text.length + 1);
  const before = lines.slice(0, i);
  const after = lines.slice(i + 1);
  switch (kind) {
    case 'cut':
      return [...before, text.slice(0, place) + text.slice(place + 1), ...after];
    case 'insert':
      return [...before, text.slice(0, place) + piece + text.slice(place), ...after];
    case 'end line':
      return [...before, text.slice(0, place), ...after];
    case 'drop line':
      return [...before, ...after];
    case 'repeat line':
      return [...before, text, text, ...after];
    case 'join lines':
      return [...before, text + (after[0] ?? ''), ...after.slice(1)];
    default:
      return [...before, ...after.slice(0, at), text, ...after.slice(at)];
  }
}
