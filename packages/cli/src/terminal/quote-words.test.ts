import { execFileSync } from 'node:child_process';
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

it.each(['a\nb', "it's\t\\n\n", 'import os\nprint("$HOME")\x1b[2K\u202e'])(
  '%j is one line, which bash reads as it was',
  (word) => {
    const line = quoteWords([word]);
    expect(line).toMatch(/^\$'[^\p{Cc}]*'$/u);
    expect(execFileSync('bash', ['-c', `LC_ALL=C.UTF-8; printf %s ${line}`], { encoding: 'utf8' })).toBe(
      word,
    );
  },
);
