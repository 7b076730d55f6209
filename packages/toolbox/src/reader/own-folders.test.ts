import { describe, expect, it } from 'vitest';
import { isTouched } from './own-folders.js';

const CREATED = Date.UTC(2024, 0, 2, 3, 4, 5, 678);

describe('a time is of the container, not of the image', () => {
  it.each([
    ['none', undefined, false],
    ['a day before', CREATED - 24 * 3600 * 1000, false],
    ['a second and more before', CREATED - 1700, false],
    ['the same second, as far as a tar tells it', Math.floor(CREATED / 1000) * 1000, true],
    ['a tick of the coarse clock before', CREATED - 4, true],
    ['the moment itself', CREATED, true],
    ['later', CREATED + 60_000, true],
    ['far in the future, as an image may say', CREATED + 366 * 24 * 3600 * 1000, false],
  ])('%s', (_, milliseconds, touched) => {
    const time = milliseconds === undefined ? undefined : new Date(milliseconds);
    expect(isTouched(time, CREATED)).toBe(touched);
  });
});
