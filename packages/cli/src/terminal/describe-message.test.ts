import type { FailureCode } from '@keepset/shrinker/failure';
import { expect, it } from 'vitest';
import { describeMessage } from './describe-message.js';

it.each<[FailureCode, Record<string, string>, string, string]>([
  ['RUN_OPTION_INVALID', { option: 'memory' }, "memory 'much': not valid", "--memory 'much': not valid"],
  ['RUN_OPTION_INVALID', { option: 'shmSize' }, "shmSize 'x': not valid", "--shm-size 'x': not valid"],
  ['RUN_OPTION_INVALID', { option: 'memory' }, 'not enough memory', 'not enough memory'],
  ['NO_SPACE', { option: 'memory' }, 'memory is full', 'memory is full'],
])('%s %j: %s', (code, facts, message, described) => {
  expect(describeMessage({ code, message, facts, hint: undefined, details: [] })).toBe(described);
});
