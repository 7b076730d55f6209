import { expect, it } from 'vitest';
import { parseRuns } from './parse-runs.js';

it.each([
  ['a=Rscript x.R', { name: 'a', command: ['Rscript', 'x.R'] }],
  ["with-maps=Rscript -e 'plot(cars)'", { name: 'with-maps', command: ['Rscript', '-e', 'plot(cars)'] }],
  ['a=sh -c "A=1; echo $A | cat"', { name: 'a', command: ['sh', '-c', 'A=1; echo $A | cat'] }],
  ['a=env B=c', { name: 'a', command: ['env', 'B=c'] }],
  ['a=', { name: 'a', command: [] }],
])('%s', (value, run) => {
  expect(parseRuns([value])).toEqual([run]);
});

it.each([
  [['true'], /--run true: the name is missing/],
  [['=true'], /--run =true: the name is missing/],
  [['a=true; false'], /--run a: the command needs a shell/],
  [['a=cat > x'], /needs a shell/],
  [['a=true', 'b=true', 'a=false'], /two runs are called 'a'/],
])('%j is refused', (values, message) => {
  expect(() => parseRuns(values)).toThrow(message);
});
