import { expect, it } from 'vitest';
import { COMMANDS } from '../registry.js';
import { completeLine } from './complete-line.js';
import { splitLine } from './split-line.js';

const definitions = COMMANDS.map(({ definition }) => definition);
const complete = (line: string) => {
  const { candidates, files, images } = completeLine(splitLine(line), definitions);
  return { words: candidates.map(({ word }) => word), files, images };
};

it.each([
  ['keepset shr', ['shrink']],
  ['keepset --', ['--help', '--version']],
  ['keepset help wh', ['why']],
  ['keepset help why ', []],
  ['keepset nonsense ', []],
  ['keepset shrink --keep-l', ['--keep-list']],
  ['keepset shrink --no-veri', ['--no-verify']],
  [
    'keepset shrink --re',
    [
      '--recorded',
      '--report',
      '--remainder',
      '--repair',
      '--reference',
      '--ready',
      '--ready-timeout',
      '--read-only',
    ],
  ],
  ['keepset shrink -t small --lis', ['--listed']],
  ['keepset shrink --listed s', ['stub']],
  ['keepset shrink --listed=', ['--listed=drop', '--listed=stub', '--listed=keep']],
  ['keepset shrink --crawl --lis', ['--listed']],
  ['keepset shrink -i --lis', ['--listed']],
  ['keepset shrink -ie --lis', []],
  ['keepset shrink debian --lis', []],
  ['keepset ls m.json --rem', ['--removed']],
  ['keepset ls -- --rem', []],
  ['keepset emit ', ['dockerfile', 'bake']],
  ['keepset completion f', ['fish']],
  ['keepset shrink --rm', []],
])('%s: %j', (line, words) => {
  expect(complete(line).words).toEqual(words);
});

it.each([
  ['keepset shrink ', { files: false, images: true }],
  ['keepset shrink -t small deb', { files: false, images: true }],
  ['keepset shrink debian ', { files: false, images: false }],
  ['keepset shrink --manifest ', { files: true, images: false }],
  ['keepset shrink --manifest=m', { files: true, images: false }],
  ['keepset shrink -f ', { files: true, images: false }],
  ['keepset ls ', { files: true, images: true }],
  ['keepset cite ', { files: true, images: false }],
  ['keepset prefetch ', { files: true, images: false }],
  ['keepset diff a.json ', { files: true, images: true }],
  ['keepset diff a b ', { files: false, images: false }],
  ['keepset packages d', { files: true, images: true }],
  ['keepset affected --in ', { files: true, images: false }],
  ['keepset doctor --source ', { files: false, images: true }],
  ['keepset emit bake a.json ', { files: true, images: false }],
])('%s: %j', (line, places) => {
  expect(complete(line)).toEqual({ words: [], ...places });
});

it('offers each shown option of each command, once', () => {
  for (const { name, groups } of definitions) {
    const own = groups.filter(({ isHidden }) => !isHidden).flatMap(({ options }) => Object.entries(options));
    const expected = own.map(([option, { type, ...rest }]) =>
      type === 'flag' && 'default' in rest && rest.default === true ? `--no-${option}` : `--${option}`,
    );
    expect(complete(`keepset ${name} -`).words).toEqual([...expected, '--help']);
  }
});

it.each([
  ['keepset', []],
  ['keepset ', ['']],
  ['keepset  ls   m', ['ls', 'm']],
  ["keepset ls 'a b' m", ['ls', 'a b', 'm']],
  ['keepset ls "a b', ['ls', 'a b']],
  ['keepset ls a\\ b', ['ls', 'a b']],
  ["keepset ls 'a\\'b", ['ls', 'a\\b']],
])('%s is %j', (line, words) => {
  expect(splitLine(line)).toEqual(words);
});
