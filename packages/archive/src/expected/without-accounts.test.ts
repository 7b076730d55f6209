import type { RunOutcome } from '@keepset/run-comparison';
import { expect, it } from 'vitest';
import { withoutAccounts } from './without-accounts.js';

const ROOT = 'root:x:0:0:root:/root:/bin/sh\n';

/** A run that left these files. */
function outcome(files: Readonly<Record<string, string>>): RunOutcome {
  const content = (text: string) => ({
    sha256: '',
    sizeBytes: text.length,
    async *read() {
      yield Buffer.from(text);
    },
  });
  const state = { type: 'file' as const, mode: 0o644, uid: 0, gid: 0 };
  const all = Object.entries(files).map(
    ([path, text]) => [path, { ...state, content: content(text) }] as const,
  );
  return { exitStatus: 0, stdout: content(''), stderr: content(''), files: new Map(all) };
}

it.each([
  ['the user that Podman adds', '/etc/passwd', `${ROOT}1000:*:1000:1000:container user:/:/bin/sh\n`, []],
  ['the group that Podman adds', '/etc/group', 'root:x:0:\n1000:x:1000:1000\n', []],
  ['a user whom the run added', '/etc/passwd', `${ROOT}me:x:1000:1000::/:/bin/sh\n`, ['/etc/passwd']],
  ['what the run took away', '/etc/passwd', '', ['/etc/passwd']],
  ['an entry that is not the last', '/etc/passwd', `1000:*:1000:1000:::\n${ROOT}`, ['/etc/passwd']],
  ['another file', '/etc/shadow', '1000:*:1000:1000:::\n', ['/etc/shadow']],
])('tells what an engine wrote from what a run did: %s', async (_, path, text, left) => {
  const { files } = await withoutAccounts(outcome({ [path]: text }), () => false);
  expect([...files.keys()]).toEqual(left);
});

it('counts where the recorded run wrote there', async () => {
  const files = { '/etc/passwd': '1000:*:1000:1000:::\n' };
  expect((await withoutAccounts(outcome(files), (path) => path === '/etc/passwd')).files.size).toBe(1);
});
