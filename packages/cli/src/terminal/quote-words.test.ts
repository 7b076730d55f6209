import { parse } from 'shell-quote';
import { expect, it } from 'vitest';
import { quoteWords } from './quote-words.js';

it.each([
  [['docker', 'run', 'a/b:c@d'], 'docker run a/b:c@d'],
  [['', 'a b', "it's", '$HOME', '*'], `'' 'a b' 'it'\\''s' '$HOME' '*'`],
])('%j', (words, line) => {
  expect(quoteWords(words)).toBe(line);
  expect(parse(line)).toEqual(words);
});
