import { describe, expect, it } from 'vitest';
import { matchContainers } from './match-containers.js';

const of = (...commands: readonly string[]) =>
  commands.map((text) => ({
    imageId: text.split(' ')[0] as string,
    command: text.split(' ').slice(1),
  }));

describe('containers are known again', () => {
  it.each([
    ['by image and command, in any order', of('a x', 'b x'), of('b x', 'a x'), [1, 0]],
    ['in order among equals', of('a x', 'a x'), of('a x', 'a x'), [0, 1]],
    ['by the shape of paths', of('a sort /tmp/k1x/in.txt'), of('a sort /tmp/q7/in.txt'), [0]],
    ['by paths in words', of('a cat --in=/x1/b:/c'), of('a cat --in=/y2/b:/d'), [0]],
    ['exactly, before all else', of('a cat /x', 'a cat /y'), of('a cat /y', 'a cat /x'), [1, 0]],
    ['not by another word', of('a sort 1'), of('a sort 2'), [undefined]],
    ['not by a deeper path', of('a sort /x'), of('a sort /x/y'), [undefined]],
    ['not by another image', of('a sort'), of('b sort'), [undefined]],
    ['each once', of('a x', 'a x'), of('a x'), [0, undefined]],
  ])('%s', (_, recorded, ran, expected) => {
    const found = matchContainers(recorded, ran);
    expect(recorded.map((_, at) => found.get(at))).toEqual(expected);
  });

  it('a long word costs no more than it is long', () => {
    const command = ['x'.repeat(1_000_000)];
    expect(matchContainers([{ imageId: 'a', command }], [{ imageId: 'a', command: ['y'] }]).size).toBe(0);
  });
});
