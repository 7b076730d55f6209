import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('explains itself', async () => {
    expect((await run(['--help'])).out).toContain('Usage: strace-parser');
    for (const args of [[], ['--nonsense', '-'], ['--events', '--check', '-']]) {
      expect(await run(args)).toMatchObject({ status: 2, out: '', err: expect.stringContaining('Usage') });
    }
  });
});
