import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { withoutDevices } from './without-devices.js';

const folder = mkdtempSync(join(tmpdir(), 'test-devices-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A tar by GNU tar itself, of what a script makes. */
function tarOf(script: string, format: string): Buffer {
  const place = mkdtempSync(join(folder, 'made-'));
  execFileSync('bash', ['-ec', script], { cwd: place });
  const options = ['--create', '--file=-', `--format=${format}`, '--sparse', '--xattrs', '--sort=name', '.'];
  return execFileSync('tar', options, { cwd: place, maxBuffer: 1e9 });
}

const listed = (tar: Uint8Array) =>
  execFileSync('tar', ['--list', '--verbose', '--quoting-style=escape'], { input: tar })
    .toString()
    .split('\n');

async function filtered(tar: Uint8Array, pieceBytes: number): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < tar.length; at += pieceBytes) yield tar.subarray(at, at + pieceBytes);
  }
  return Buffer.concat(await Array.fromAsync(withoutDevices(pieces())));
}

const LONG = 'n'.repeat(180);
const MADE = `
  echo first >a; ln a b; ln -s a c; mkfifo d; mkdir -p e/${LONG}/${LONG}; head -c 1500 /dev/zero >e/${LONG}/${LONG}/f
  truncate -s 5G g; printf x >>g; echo \xff >$'h\\xff\\n'`;
const DEVICES = `
  mknod block b 8 0; mknod null c 1 3; ln null other-null; mkdir -p z/${LONG}; mknod z/${LONG}/${LONG} c 1 3; mknod $'i\\xff' b 8 0; ln $'i\\xff' j`;

it.each(['posix', 'gnu'])('of a tar in the format %s only devices and links to them go', async (format) => {
  const [with_, without] = [tarOf(`${MADE}${DEVICES}`, format), tarOf(`${MADE}; mkdir -p z/${LONG}`, format)];
  const names = (tar: Uint8Array) => listed(tar).map((line) => line.replace(/\d{4}-\S+ \S+/, ''));
  expect(names(with_)).not.toEqual(names(without));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 70_000 }), async (pieceBytes) => {
      const result = await filtered(with_, Math.max(pieceBytes, 97));
      expect(names(result)).toEqual(names(without));
      expect(await filtered(without, pieceBytes)).toEqual(without);
    }),
    { numRuns: 10 },
  );
});

it('whatever the bytes, it ends, in bounded memory', async () => {
  const tar = tarOf(MADE, 'posix').subarray(0, 40_000);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(tar.length - 1),
      fc.nat(255),
      fc.integer({ min: 512, max: 9000 }),
      async (at, byte, piece) => {
        const changed = Buffer.from(tar);
        changed[at] = byte;
        const ended = await filtered(changed, piece).catch((error: Error) => error.message);
        expect(typeof ended === 'string' || ended.length <= tar.length).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});
