import { toContent } from '@keepset/run-comparison';
import { expect, it } from 'vitest';
import { HOSTILE } from '../deposit/example.test-helper.js';
import { differingContents } from './differing-contents.js';
import { replayPage } from './replay-page.js';

const outcome = (stdout: string | Buffer, files: Record<string, string | Buffer> = {}) => ({
  exitStatus: 0,
  stdout: toContent(stdout),
  stderr: toContent(''),
  steps: [{ name: HOSTILE, exitStatus: 0, stdout: toContent(stdout), stderr: toContent('') }],
  files: new Map(
    Object.entries(files).map(([path, bytes]) => [
      path,
      { type: 'file', mode: 0o644, uid: 0, gid: 0, content: toContent(bytes) },
    ]),
  ),
});
const run = { name: 'main', differences: [], masked: [], notCompared: [], notAsked: [], dated: [] };
const page = (more: object) =>
  replayPage({ title: HOSTILE, imageIds: ['sha256:1'], runs: [{ ...run, ...more }] });

it('shows what differs in a text, and not what is the same', async () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
  const found = outcome(lines.with(500, 'another').join('\n'), { '/same': 'x' });
  const contents = await differingContents([outcome(lines.join('\n'), { '/same': 'x' })], found);
  expect(contents.map(({ where }) => where)).toEqual(['standard output', `standard output of ${HOSTILE}`]);
  const html = page({ contents, differences: ['it differs'] });
  expect(html).toContain('<del>-line 500</del><ins>+another</ins>');
  expect(html).not.toContain('line 100<');
  expect(html).toContain('Not the same');
});

it('escapes all that others wrote', async () => {
  const contents = await differingContents([outcome('a')], outcome(HOSTILE));
  const html = page({
    ...{ contents, name: HOSTILE, notReplayed: HOSTILE, differences: [HOSTILE] },
    ...{ masked: [HOSTILE], notCompared: [HOSTILE], notAsked: [HOSTILE], dated: [HOSTILE] },
  });
  expect(html).not.toContain('<script');
  expect(html).not.toContain('\u202e');
});

it('shows pictures beside each other, and of other bytes their hashes', async () => {
  const png = (text: string) => Buffer.from(`\x89PNG\r\n${text}`, 'latin1');
  const contents = await differingContents(
    [outcome('', { '/a.png': png('1'), '/a.bin': Buffer.from([0, 1]), '/gone': 'x' })],
    outcome('', { '/a.png': png('2'), '/a.bin': Buffer.from([0, 2]), '/new': 'x' }),
  );
  expect(contents.map(({ where }) => where)).toEqual(['/a.png', '/a.bin', '/gone', '/new']);
  const html = page({ contents });
  expect(html.match(/src="data:image\/png;base64,/g)).toHaveLength(2);
  expect(html).toContain(toContent(Buffer.from([0, 2])).sha256);
  expect(html).toContain('<p>Nothing</p>');
});

it('is no longer for a text that is long, or in which all is another', async () => {
  const long = (word: string) => Array.from({ length: 50_000 }, (_, index) => `${word} ${index}`).join('\n');
  const contents = await differingContents([outcome(long('one'))], outcome(long('two')));
  expect(contents[0]?.found).toMatchObject({ isCut: true });
  expect(page({ contents }).length).toBeLessThan(200_000);
});

it('leaves out what one of several samples gave', async () => {
  expect(await differingContents([outcome('a'), outcome('b')], outcome('b'))).toEqual([]);
});
