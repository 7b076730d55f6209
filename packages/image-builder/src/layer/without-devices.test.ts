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
function tarOf(script: string): Buffer {
  const place = mkdtempSync(join(folder, 'made-'));
  execFileSync('bash', ['-ec', script], { cwd: place });
  const options = ['--create', '--file=-', '--format=posix', '--xattrs', '--sort=name', '.'];
  return execFileSync('tar', options, { cwd: place, maxBuffer: 1e9 });
}

const listed = (tar: Uint8Array) =>
  execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--quoting-style=escape'], { input: tar })
    .toString()
    .split('\n')
    .map((line) =>
      line
        .replace(/ +/g, ' ')
        .replace(/\d{4}-\S+ \S+/, '')
        .replaceAll(' ./', ' '),
    );

async function filtered(tar: Uint8Array, pieceBytes: number): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < tar.length; at += pieceBytes) yield tar.subarray(at, at + pieceBytes);
  }
  return Buffer.concat(await Array.fromAsync(withoutDevices(pieces())));
}

const LONG = 'n'.repeat(180);
const MADE = `
  echo first >a; ln a b; ln -s a c; mkfifo d; mkdir -p e/${LONG}/${LONG}; head -c 1500 /dev/zero >e/${LONG}/${LONG}/f
  echo \xff >$'h\\xff\\n'`;
const DEVICES = `
  mknod block b 8 0; mknod null c 1 3; ln null other-null; mkdir -p z/${LONG}; mknod z/${LONG}/${LONG} c 1 3; mknod $'i\\xff' b 8 0; ln $'i\\xff' j`;

it('only devices and links to them go, however the tar comes', async () => {
  const [with_, without] = [tarOf(`${MADE}${DEVICES}`), tarOf(`${MADE}; mkdir -p z/${LONG}`)];
  expect(listed(with_)).not.toEqual(listed(without));
  const plain = await filtered(without, 1000);
  expect(await filtered(plain, 1000)).toEqual(plain);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 97, max: 70_000 }), async (pieceBytes) => {
      const result = await filtered(with_, pieceBytes);
      expect(listed(result)).toEqual(listed(without));
      expect(await filtered(without, pieceBytes)).toEqual(plain);
    }),
    { numRuns: 10 },
  );
});
