import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runCommand } from './run-command.js';

async function run(args: readonly string[], stdin = '') {
  const output = { out: '', err: '', status: 0 };
  output.status = await runCommand(args, {
    stdin: (async function* () {
      yield new TextEncoder().encode(stdin);
    })(),
    write: (text) => {
      output.out += text;
      return undefined;
    },
    writeError: (text) => {
      output.err += text;
    },
  });
  return output;
}

function logs(...texts: readonly string[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'keepset-command-'));
  return texts.map((text, i) => {
    const path = join(directory, `log.${i + 100}`);
    writeFileSync(path, text);
    return path;
  });
}

const LOG = '1 open("/caf\\303\\251", O_RDONLY) = 3\n1 mmap(0, 0xfffffffffffffff0) = 0\n';

describe('strace-parser', () => {
  it('prints events as lines of JSON', async () => {
    const { out, status } = await run(['--events', '-'], LOG);
    expect(status).toBe(0);
    const [open, map] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(open).toMatchObject({
      kind: 'syscall',
      name: 'open',
      arguments: [{ kind: 'string', value: '/caf\u00c3\u00a9' }, {}],
    });
    // JSON has no such number.
    expect(map.arguments[1].value).toBe('18446744073709551600');
  });

  it('prints accesses, with a path for programs and one for people', async () => {
    const { out } = await run(['--accesses', '-'], LOG);
    expect(JSON.parse(out)).toMatchObject({
      path: '/caf\u00c3\u00a9',
      pathShown: '/café',
      action: 'open',
      pid: 1,
      line: 1,
    });
  });

  it('checks a log, and names what it could not read', async () => {
    expect(await run(['--check', '-'], LOG)).toEqual({
      out: '{"lines":2,"events":2,"unparsed":0,"cut":0,"roundTripFailures":0}\n',
      err: '',
      status: 0,
    });
    const { out, err, status } = await run(['--check', '-'], `${LOG}hello\n`);
    expect(JSON.parse(out)).toEqual({ lines: 3, events: 2, unparsed: 1, cut: 0, roundTripFailures: 0 });
    expect(err).toContain('-:3: not a line of strace: hello');
    expect(status).toBe(1);
  });

  it('takes several logs as one set, with the pids of their names', async () => {
    const set = logs('chdir("/w") = 0\nfork() = 101\nstat("x", {}) = 0\n', 'stat("y", {}) = 0\n');
    const { out } = await run(['--accesses', ...set]);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ pid, path }) => [pid, path]),
    ).toEqual([
      [100, '/w'],
      [101, '/w/y'],
      [100, '/w/x'],
    ]);
  });

  it('sums up by default', async () => {
    const { out } = await run(['-'], LOG);
    expect(out).toContain('2  syscall');
    expect(out).toContain('1 accesses to files, 1 different paths found');
  });

  it.each([
    [['--nonsense', '-'], "Unknown option '--nonsense'"],
    [['--events', '--check', '-'], "Unknown option '--check'"],
    [['files'], 'files needs a log; - is standard input'],
    [['files', '--pid', 'x', '-'], "--pid: 'x' is no whole number above 0"],
    [['files', '--top', '1.5', '-'], "--top: '1.5' is no whole number above 0"],
    [['files', '--top', '-1', '-'], "Option '--top' argument is ambiguous"],
    [['files', '--from', 'noon', '-'], "--from: 'noon' is no number"],
    [['files', '--to', 'noon', '-'], "--to: 'noon' is no number"],
    [['files', '--unwrap', '0', '-'], "--unwrap: '0' is no whole number above 0"],
    [['convert', '--to', 'xml', '-'], 'convert needs --to ndjson, --to csv, --to sqlite or --to parquet'],
    [['convert', '--to', 'sqlite', '-'], 'convert to sqlite needs a file: -o FILE'],
    [['diff', '-'], 'diff takes two logs'],
  ])('%j is answered in two lines: %s', async (args, text) => {
    expect(await run(args)).toEqual({
      status: 2,
      out: '',
      err: `strace-parser: ${text}\n  strace-parser --help has all commands and options.\n`,
    });
  });

  it('says of a word that is neither a command nor a file what there is', async () => {
    const { err, status } = await run(['fils']);
    expect(err).toMatch(
      /^strace-parser: fils: there is no such file\n {2}It is no command, either; these are: files, tree,/,
    );
    expect(status).toBe(1);
    expect((await run(['files', './fils'])).err).toBe('strace-parser: ./fils: there is no such file\n');
    expect((await run(['files', tmpdir()])).err).toBe(`strace-parser: ${tmpdir()}: this is a directory\n`);
  });

  it('says what it has passed over, and fails if that is everything', async () => {
    const some = await run(['files', '-'], `${LOG}hello\nworld\n`);
    expect(some.err).toBe("strace-parser: -: 2 lines are not strace's, the first is line 3: hello\n");
    expect(some.status).toBe(0);
    const none = await run(['files', '-'], 'hello\n\u0001world\n');
    expect(none).toEqual({
      out: 'none\n',
      err: "strace-parser: -: none of its lines is strace's; line 1: hello\n",
      status: 1,
    });
  });

  it('has a timeline of a log with times only, and writes nothing of one without', async () => {
    expect(await run(['timeline', '-'], LOG)).toMatchObject({ out: '', status: 1 });
    const { out } = await run(['timeline', '-'], '1 1700000000.5 close(3) = 0\n');
    expect(JSON.parse(out).traceEvents).toHaveLength(1);
  });

  it.each(['sqlite', 'parquet', 'csv'])('leaves no file behind that is not whole: %s', async (form) => {
    const [log = ''] = logs('     0.000 ( 0.006 ms): cat/1234 brk() = 0x55d0c8\n');
    const target = join(dirname(log), 'target');
    expect(await run(['convert', '--to', form, '-o', target, log])).toMatchObject({ out: '', status: 1 });
    expect(existsSync(target)).toBe(false);
    const nowhere = join(dirname(log), 'nowhere', 'target');
    const { err, status } = await run(['convert', '--to', form, '-o', nowhere, '-'], LOG);
    expect([err, status]).toEqual([
      expect.stringContaining(`ENOENT: no such file or directory, open '${nowhere}'`),
      1,
    ]);
  });

  it('has no columns of which no cell says anything', async () => {
    const { out } = await run(
      ['files', '-'],
      '1 open("/a", O_RDONLY) = 3\n1 open("/b", O_RDONLY) = -1 ENOENT (x)\n',
    );
    expect(out).toBe('opened  failed  path\n     1          /a\n             1  /b\n');
  });

  it('counts only files that are wanted, and bytes of both ends', async () => {
    const log = [
      '1 rename("/tmp/a", "/etc/a") = 0',
      '1 sendfile(1</tmp/out>, 3</etc/b>, NULL, 9) = 9',
      '1 write(1</dev/null<char 1:3>>, "x", 1) = 1',
      '',
    ].join('\n');
    const paths = async (...args: string[]) =>
      (await run(['files', '--json', ...args, '-'], log)).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ path, created, bytesRead, bytesWritten }) =>
          [path, created, bytesRead, bytesWritten].join(' '),
        );
    expect(await paths('--path', '/etc/*')).toEqual(['/etc/a 1 0 0', '/etc/b 0 9 0']);
    expect(await paths('--path', '/dev/*')).toEqual(['/dev/null 0 0 1']);
  });

  it('answers every question to any bytes', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...'"<>(){}[]=,\\\n\n',
        ' = ',
        '1 ',
        '1700000000.5 ',
        ' <unfinished ...>',
        '<... read resumed>',
      ),
      fc.constantFrom(
        '1 read(3</a>, "b", 1) = 1',
        '1 fork() = 2',
        '2 execve("/b", ["b"], ["A=1"]) = 0',
        '1 bind(3, {sa_family=',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        for (const command of [
          'files',
          'tree',
          'times',
          'net',
          'env',
          'errors',
          'timeline',
          'summary',
          'check',
        ])
          expect((await run([command, '-'], pieces.join(''))).status).toBeLessThan(2);
      }),
    );
  });

  it('explains itself', async () => {
    expect((await run(['--help'])).out).toContain('Usage: strace-parser');
    expect(await run([])).toMatchObject({ status: 2, out: '', err: expect.stringContaining('Usage') });
  });
});
