import { describe, expect, it } from 'vitest';
import { mergeWithImage, parseAskedContainer, programOf } from './asked-container.js';
import { parseAskedExec } from './traced-exec.js';

describe('what is no container that can be changed passes untouched', () => {
  it.each([
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"Image":""}',
    '{"Image":1}',
    '{"Image":"a","Cmd":[1]}',
    '{"Image":"a","Env":{"A":"1"}}',
    '{"Image":"a","User":0}',
    '{"Image":"a","HostConfig":[]}',
    '{"Image":"a","HostConfig":{"CapAdd":"ALL"}}',
    '{"Image":"a","HostConfig":{"Mounts":["x"]}}',
    '{"Image":"a","Healthcheck":{"Test":"true"}}',
  ])('%s', (text) => {
    expect(parseAskedContainer(text)).toBeUndefined();
  });
});

it('a command that is one text is one word', () => {
  expect(parseAskedContainer('{"Image":"a","Cmd":"echo hi","Entrypoint":"sh"}')).toEqual({
    Image: 'a',
    Cmd: ['echo hi'],
    Entrypoint: ['sh'],
  });
});

it('what is not known is passed on, with its numbers', () => {
  const text = '{"Image":"a","New":{"N":9223372036854775807},"Cmd":null}';
  expect(JSON.parse(JSON.stringify(parseAskedContainer(text)))).toEqual(JSON.parse(text));
  expect(JSON.stringify(parseAskedContainer(text))).toContain('9223372036854775807');
});

it('fields have their names in any case, and the last of several counts, as for engines', () => {
  const text =
    '{"image":"x","IMAGE":"a","cmd":["own"],"labels":{"user":"b"},"hostConfig":{"privileged":true,"mounts":[{"source":"/s"}]}}';
  expect(parseAskedContainer(text)).toEqual({
    Image: 'a',
    Cmd: ['own'],
    Labels: { user: 'b' },
    HostConfig: { Privileged: true, Mounts: [{ Source: '/s' }] },
  });
  expect(parseAskedExec('{"cmd":["ls"],"PRIVILEGED":true}')).toEqual({ Cmd: ['ls'], Privileged: true });
});

const IMAGE = { Entrypoint: ['/entry'], Cmd: ['default'], Env: ['PATH=/bin', 'A=image'], User: 'app' };

describe('process 1, as the engine merges what was asked for with the image', () => {
  it.each([
    ['nothing asked for', {}, IMAGE, ['/entry', 'default']],
    ['a command', { Cmd: ['own'] }, IMAGE, ['/entry', 'own']],
    ['an entrypoint takes the CMD away', { Entrypoint: ['sh'] }, IMAGE, ['sh']],
    ['both', { Entrypoint: ['sh', '-c'], Cmd: ['x'] }, IMAGE, ['sh', '-c', 'x']],
    ['an entrypoint that is reset', { Entrypoint: [''], Cmd: ['x'] }, IMAGE, ['x']],
    ['an entrypoint of no word', { Entrypoint: [], Cmd: ['x'] }, IMAGE, ['x']],
    ['neither of them anywhere', {}, {}, []],
    ['an image without either', { Cmd: ['x'] }, { Entrypoint: null, Cmd: null }, ['x']],
  ])('%s', (_, asked, image, expected) => {
    expect(programOf(mergeWithImage({ Image: 'a', ...asked }, image))).toEqual(expected);
  });
});

it("variables of the client's go first, and one without a value hides the image's", () => {
  expect(mergeWithImage({ Image: 'a', Env: ['B=1', 'A'] }, IMAGE).Env).toEqual(['B=1', 'A', 'PATH=/bin']);
});

it.each([
  ['', 'app'],
  ['0', '0'],
])('the user %j is %j', (User, expected) => {
  expect(mergeWithImage({ Image: 'a', User }, IMAGE).User).toBe(expected);
});

it("a HEALTHCHECK of the client's keeps of the image's what it does not say", () => {
  const Healthcheck = { Test: ['CMD', 'a'], Interval: 5 };
  expect(
    mergeWithImage({ Image: 'a', Healthcheck: { Test: [], Interval: 0, Retries: 3 } }, { Healthcheck })
      .Healthcheck,
  ).toEqual({ Test: ['CMD', 'a'], Interval: 5, Retries: 3 });
  expect(mergeWithImage({ Image: 'a', Healthcheck: { Test: ['NONE'] } }, {}).Healthcheck).toEqual({
    Test: ['NONE'],
  });
});
