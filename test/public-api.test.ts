import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { API_FILE, findUndocumented, printPublicApi } from '../bin/public-api.ts';

it('the list of the public API is what the packages export: node bin/public-api.ts --write', () => {
  expect(readFileSync(API_FILE, 'utf8')).toBe(printPublicApi());
});

it('every export has a docstring', () => {
  expect(findUndocumented()).toEqual([]);
});
