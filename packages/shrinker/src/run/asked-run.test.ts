import { expect, it } from 'vitest';
import { askedRun } from './asked-run.js';
import type { Run } from './run.js';

const step = (path: string) => ({ kind: 'http', method: 'GET', path }) as const;
const run: Run = { name: 'web', command: [], service: { ready: [], steps: [step('/')] } };

it('a run that crawled is asked what it found from then on', () => {
  const crawling: Run = { ...run, service: { ready: [], steps: [step('/')], crawl: { depth: 3 } } };
  const answers = [{ step: step('/') }, { step: { ...step('/gone'), status: 404 } }];
  expect(askedRun(crawling, answers)).toEqual({
    ...run,
    service: { ready: [], steps: [step('/'), { ...step('/gone'), status: 404 }] },
  });
});

it('any other is asked the same', () => {
  expect(askedRun(run, [])).toBe(run);
});
