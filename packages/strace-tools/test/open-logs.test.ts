import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseStrace, type StraceEvent, type TraceInput } from '@keepset/strace-parser';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../../test-fixtures/ensure-programs.ts';
import { readLogs, unwrapLog, type Wrapping } from '../src/index.js';
import { logsOf } from './deeds.ts';

const work = mkdtempSync(join(tmpdir(), 'keepset-packed-'));
const [plain = ''] = logsOf('everything');

async function textsOf(events: AsyncIterable<StraceEvent>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { line, text } of events) texts.push(`${line} ${text}`);
  return texts;
}

describe('packed logs', () => {
  beforeAll(async () => {
    await ensurePackages('xz', 'xz-utils');
    await ensurePackages('zstd', 'zstd');
  });

  it.each<[string, (log: string, to: string) => void]>([
    ['gz', (log, to) => writeFileSync(to, gzipSync(readFileSync(log)))],
    ['xz', (log, to) => writeFileSync(to, execFileSync('xz', ['-c', log], { maxBuffer: 1 << 28 }))],
    ['zst', (log, to) => writeFileSync(to, execFileSync('zstd', ['-c', log], { maxBuffer: 1 << 28 }))],
  ])('%s', async (ending, pack) => {
    const packed = join(work, `log.${ending}`);
    pack(plain, packed);
    expect(await textsOf(readLogs([packed]))).toEqual(await textsOf(readLogs([plain])));
    // Who has seen enough may go.
    for await (const _ of readLogs([packed])) break;
  });

  it('that are broken fail, and do not end early', async () => {
    const packed = join(work, 'broken.gz');
    writeFileSync(packed, gzipSync(readFileSync(plain)).subarray(0, 5000));
    await expect(textsOf(readLogs([packed]))).rejects.toMatchObject({
      message: `${packed}: the packed file is cut`,
    });
    await expect(textsOf(readLogs([join(work, 'none.log')]))).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('none.log: there is no such file'),
    });
  });
});

it('a log of another program is refused by its name', async () => {
  const log = join(work, 'perf.log');
  writeFileSync(log, '     0.000 ( 0.006 ms): cat/1234 brk() = 0x55d0c8\n');
  await expect(textsOf(readLogs([log]))).rejects.toMatchObject({
    code: 'LOG_FOREIGN',
    message: expect.stringContaining('this is perf trace'),
  });
});

describe('wrapped logs', () => {
  const whole = readFileSync(plain, 'latin1')
    .split('\n')
    .slice(0, 300)
    .map((line) => `${line}\n`)
    .join('');
  const eventsOf = async (log: TraceInput) => {
    const texts: string[] = [];
    for await (const event of parseStrace(log)) if (event.kind !== 'blank') texts.push(event.text);
    return texts;
  };

  it.each([80, 100, 132])('by a terminal of %d columns say the same', async (width) => {
    const lines = whole.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']);
    const wrapped = Buffer.from(lines.join('\n'), 'latin1');
    expect(await eventsOf(unwrapLog([wrapped], width))).toEqual(await eventsOf(whole));
  });

  it('by a mailer, at blanks, say the same, quoted or not, with line numbers of the mail', async () => {
    const log = [
      '7 openat(AT_FDCWD, "/etc/a", O_RDONLY) = -1 ENOENT (No such file or directory)',
      '7 execve("/bin/true", ["true", "--help"], 0x7ffd2c /* 36 vars */) = 0',
      '7 +++ exited with 0 +++',
      '',
    ].join('\n');
    const wrap = (quote: string) =>
      log
        .split('\n')
        .flatMap((line) => line.match(/.{1,30}(?: |$)/g)?.map((part) => quote + part.trimEnd()) ?? [])
        .join('\n');
    for (const quote of ['', '> ']) {
      const events: string[] = [];
      for await (const event of parseStrace(unwrapLog([Buffer.from(`${wrap(quote)}\n`)], 'mail')))
        if (event.kind !== 'blank') events.push(`${event.line} ${event.text}`);
      expect(events).toEqual([
        '1 openat(AT_FDCWD, "/etc/a", O_RDONLY) = -1 ENOENT (No such file or directory)',
        '4 execve("/bin/true", ["true", "--help"], 0x7ffd2c /* 36 vars */) = 0',
        '7 +++ exited with 0 +++',
      ]);
    }
  });

  it('in any chunks, and of any bytes, keep all of their bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }),
        fc.constantFrom<Wrapping>('mail', 5),
        async (chunks, wrapping) => {
          let out = '';
          for await (const chunk of unwrapLog(chunks, wrapping)) out += chunk.toString('latin1');
          const text = Buffer.concat(chunks).toString('latin1');
          const bare = (log: string) => log.replace(/[\n >]/g, '');
          expect(bare(out)).toBe(bare(text));
        },
      ),
    );
  });
});
