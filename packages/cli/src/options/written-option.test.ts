import { expect, it } from 'vitest';
import type { Option } from './option.js';
import { writtenOption } from './written-option.js';

const described = { description: '' };

it.each<[string, Option, short: string, full: string]>([
  ['tag', { type: 'text', alias: 't', value: 'NAME', ...described }, '-t NAME', '-t, --tag NAME'],
  ['strict', { type: 'flag', ...described }, '--strict', '--strict'],
  ['verify', { type: 'flag', default: true, ...described }, '--no-verify', '--no-verify'],
  ['by', { type: 'choice', choices: ['run', 'dir'], ...described }, '--by run|dir', '--by run|dir'],
  ['jobs', { type: 'number', value: 'N', min: 1, ...described }, '--jobs N', '--jobs N'],
])('%s', (name, option, short, full) => {
  expect(writtenOption(name, option, 'short')).toBe(short);
  expect(writtenOption(name, option, 'full')).toBe(full);
});
