import type { OutputChunk } from '@keepset/docker-engine';
import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import { describe, expect, it } from 'vitest';
import { withoutLauncherComplaint } from './launcher-complaint.js';

describe('withoutLauncherComplaint', () => {
  const OUT = 'stdout';
  const ERR = 'stderr';
  type Piece = readonly [OutputChunk['stream'], string];

  async function pass(pieces: readonly Piece[], exitStatus: number) {
    const passed: string[] = [];
    const { onOutput, finish } = withoutLauncherComplaint(
      ({ bytes }) => void passed.push(Buffer.from(bytes).toString()),
    );
    for (const [stream, text] of pieces) await onOutput({ stream, bytes: Buffer.from(text) });
    const complaint = await finish(exitStatus);
    return { passed, complaint };
  }

  it.each<[string, readonly Piece[], number, string[], string]>([
    [
      'a plain output',
      [
        [OUT, 'a'],
        [ERR, 'b'],
      ],
      0,
      ['a', 'b'],
      '',
    ],
    ['no output', [], 127, [], ''],
    [
      "setpriv's complaint, in pieces",
      [
        [ERR, 'setpriv: '],
        [ERR, 'failed to execute x'],
        [ERR, ': No such file\n'],
      ],
      127,
      [],
      'setpriv: failed to execute x: No such file\n',
    ],
    [
      "env's",
      [
        [ERR, `${TOOLBOX_FOLDER}/bin/env:`],
        [ERR, ' ‘x’: No such file\n'],
      ],
      127,
      [],
      `${TOOLBOX_FOLDER}/bin/env: ‘x’: No such file\n`,
    ],
    [
      "strace's",
      [[ERR, `${TOOLBOX_FOLDER}/bin/strace: ptrace: Operation not permitted\n`]],
      1,
      [],
      `${TOOLBOX_FOLDER}/bin/strace: ptrace: Operation not permitted\n`,
    ],
    [
      'a warning of strace in a run that goes on',
      [
        [ERR, `${TOOLBOX_FOLDER}/bin/strace: no filter\nfirst\n`],
        [ERR, 'second\n'],
        [OUT, 'out'],
      ],
      0,
      ['out', 'first\nsecond\n'],
      `${TOOLBOX_FOLDER}/bin/strace: no filter\n`,
    ],
    [
      "an image's own setpriv that then says more",
      [
        [ERR, 'setpriv: bad\n'],
        [OUT, 'more'],
      ],
      127,
      ['setpriv: bad\n', 'more'],
      '',
    ],
    [
      "an image's own setpriv in a run that ends well",
      [
        [ERR, 'setpriv: bad\n'],
        [ERR, 'more'],
      ],
      0,
      ['setpriv: bad\n', 'more'],
      '',
    ],
    ["an image's own env", [[ERR, 'env: ‘x’: No such file\n']], 127, ['env: ‘x’: No such file\n'], ''],
    [
      'a complaint after the start',
      [
        [OUT, 'a'],
        [ERR, 'setpriv: bad'],
      ],
      127,
      ['a', 'setpriv: bad'],
      '',
    ],
    [
      'more than a launcher says',
      [
        [ERR, 'setpriv: '],
        [ERR, 'x'.repeat(20_000)],
      ],
      127,
      ['setpriv: ', 'x'.repeat(20_000)],
      '',
    ],
  ])('%s', async (_, pieces, exitStatus, passed, complaint) => {
    expect(await pass(pieces, exitStatus)).toEqual({ passed, complaint });
  });
});
