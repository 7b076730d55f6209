import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { parseContainerEvent, readLines } from './read-events.js';

const event = (more: object, attributes: object = {}) =>
  JSON.stringify({ Type: 'container', Actor: { ID: 'c1', Attributes: attributes }, timeNano: 2e9, ...more });

it.each([
  [
    event({ Action: 'die' }, { exitCode: '3' }),
    { action: 'die', containerId: 'c1', exitStatus: 3, seconds: 2 },
  ],
  // Podman's names for it.
  [event({ Action: 'remove' }), { action: 'destroy', containerId: 'c1' }],
  [event({ Action: 'die' }, { containerExitCode: '4' }), { action: 'die', exitStatus: 4 }],
  [
    event({ Action: 'exec_die' }, { execID: 'e', exitCode: '0' }),
    { action: 'exec_die', execId: 'e', exitStatus: 0 },
  ],
  [event({ Action: 'start' }), { action: 'start', exitStatus: undefined }],
])('%s', (text, expected) => {
  expect(parseContainerEvent(text)).toMatchObject(expected);
});

it.each([
  '',
  'null',
  '{',
  event({ Action: 'exec_create: x' }),
  event({ Type: 'image', Action: 'die' }),
  '{"Type":"container"}',
])('is none of them: %s', (text) => {
  expect(parseContainerEvent(text)).toBeUndefined();
});

it('lines are whole, wherever pieces end', async () => {
  const bytes = Buffer.from('{"a":"é"}\n{"b":1}\nrest');
  for (let at = 1; at < bytes.length; at++) {
    const pieces = Readable.from([bytes.subarray(0, at), bytes.subarray(at)], { objectMode: false });
    expect(await Array.fromAsync(readLines(pieces))).toEqual(['{"a":"é"}', '{"b":1}', 'rest']);
  }
});
