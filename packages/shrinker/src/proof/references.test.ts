import { toContent } from '@keepset/run-comparison';
import type { Service } from '@keepset/tracer';
import { describe, expect, it } from 'vitest';
import type { EndedRun } from '../run/ended-run.js';
import type { Run } from '../run/run.js';
import type { Runner } from '../run/runner.js';
import type { SourceRun } from '../run/source-run.js';
import type { Source } from '../source/open-source.js';
import { openReferences } from './references.js';

const SERVICE: Service = { ready: [], steps: [] };
const service = (more: Partial<Run> = {}): Run => ({
  name: 'main',
  command: ['a'],
  service: SERVICE,
  ...more,
});
const command: Run = { name: 'main', command: ['a'] };

const SOURCE = { reference: 'image', image: { id: 'sha256:1', config: {} } } as unknown as Source;

/** Runs nothing; says what was to be run, and how many of these are still there. */
function pretend(statuses: readonly number[] = []) {
  const made: string[] = [];
  const left = new Set<EndedRun>();
  const runner = {
    async run({ name }, _image, { role }): Promise<EndedRun> {
      const exitStatus = statuses[made.length] ?? 0;
      made.push(`${role} ${name}`);
      const ended: EndedRun = {
        exitStatus,
        output: { stdout: toContent(''), stderr: toContent('') },
        steps: [],
        answers: [],
        seconds: 0,
        left: { written: async () => [], read: async () => new Map() },
        async [Symbol.asyncDispose]() {
          left.delete(ended);
        },
      };
      left.add(ended);
      return ended;
    },
  } as Pick<Runner, 'run'> as Runner;
  return { runner, made, left: () => left.size };
}

/** A run that was traced, and printed something else than others will. */
const traced = (run: Run): SourceRun =>
  ({
    run,
    ended: { output: { stdout: toContent('other'), stderr: toContent('') }, steps: [] },
  }) as unknown as SourceRun;

describe('a service', () => {
  it('has its reference beside its trace, its second sample once that ended well, and no run twice', async () => {
    const { runner, made, left } = pretend();
    {
      await using opened = openReferences(SOURCE, runner);
      const run = service();
      opened.begin(run);
      opened.begin(run);
      opened.goOn(run);
      opened.goOn(run);
      const known = traced(run);
      const references = opened.start([known]);
      expect(await references.of(known)).not.toBe(await references.furtherOf(known));
      expect(made).toEqual(['source main', 'sample main']);
    }
    expect(left()).toBe(0);
  });

  it.each<[string, Run]>([
    [
      'it is crawled: the trace finds what is asked',
      service({ service: { ...SERVICE, crawl: {} as never } }),
    ],
    ['both would want one port', service({ options: { publish: ['80:80'] } })],
    ['it reads standard input', service({ options: { interactive: true } })],
    ['it is none: it may not end', command],
  ])('waits for the trace where %s', async (_where, run) => {
    const { runner, made } = pretend();
    await using opened = openReferences(SOURCE, runner);
    opened.begin(run);
    opened.goOn(run);
    const known = traced(run);
    expect(made).toEqual([]);
    await opened.start([known]).furtherOf(known);
    expect(made).toEqual(['source main', 'sample main']);
  });

  it('leaves nothing where its trace came to nothing', async () => {
    const { runner, made, left } = pretend();
    const opened = openReferences(SOURCE, runner);
    opened.begin(service());
    await opened[Symbol.asyncDispose]();
    expect([made, left()]).toEqual([['source main'], 0]);
  });
});

describe('a command that fails without a tracer', () => {
  it.each<[string, readonly number[], boolean, RegExp | undefined]>([
    ['each time is an error', [1, 1], false, /^without strace, /],
    ['once is flaky', [1, 0], false, /does not always end in the same way/],
    ['once may be so, if the caller says so', [1, 0], true, undefined],
  ])('%s', async (_what, statuses, allowFlaky, message) => {
    const { runner, left } = pretend(statuses);
    {
      await using opened = openReferences(SOURCE, runner, { allowFlaky });
      const known = traced(command);
      const reference = opened.start([known]).of(known);
      if (message === undefined) expect((await reference).exitStatus).toBe(0);
      else await expect(reference).rejects.toThrow(message);
    }
    expect(left()).toBe(0);
  });
});
