import { expect, it } from 'vitest';
import { ArchiveError } from './archive-error.js';
import { planRun } from './plan-run.js';

const RUN = { name: 'plot', command: ['Rscript', 'document.R'] };

const PROBE = { kind: 'probe', command: 'curl "$KEEPSET_HOST"' } as const;

it('carries what was asked of a service, but for what ran on the machine of who shrank it', () => {
  const ready = [{ kind: 'log', pattern: 'up' }] as const;
  const page = { kind: 'http', method: 'GET', path: '/' } as const;
  const asked = { ready, steps: [page, PROBE], graceSeconds: 3 };
  const options = { stopSignal: 'SIGQUIT' };
  expect(planRun({ ...RUN, service: true, options, asked }, [])).toEqual({
    ...RUN,
    options,
    variables: [],
    mounts: [],
    asked: { ready, steps: [page], graceSeconds: 3 },
    notAsked: [PROBE.command],
  });
});

it.each<[string, unknown]>([
  ['asked.steps', { ready: [], steps: [{ kind: 'exec', command: [] }] }],
  ['asked.ready', { ready: [{ kind: 'log', pattern: '(' }], steps: [] }],
  ['a key', { ready: [], steps: [], new: 1 }],
])('refuses a manifest whose service is none (%s)', (_, asked) => {
  expect(() => planRun({ ...RUN, service: true, asked: asked as never }, [])).toThrow(
    /what the manifest says was asked of 'plot' cannot be understood/,
  );
});

it('carries what stays in a container, and mounts apart', () => {
  const options = {
    workdir: '/work',
    readOnly: true,
    tmpfs: ['/tmp'],
    // Of no matter to a run that is merged, and has no network.
    entrypoint: 'Rscript',
    network: 'host',
    publish: ['80:80'],
    volume: ['/home/me/data:/data:ro', '/home/me/out:/out'],
  };
  expect(planRun({ ...RUN, options, variables: ['A', 'B'] }, ['A=1', 'B=x=y', 'A=2', 'C=3'])).toEqual({
    ...RUN,
    options: { workdir: '/work', readOnly: true, tmpfs: ['/tmp'] },
    variables: ['A=2', 'B=x=y'],
    mounts: [
      { source: '/home/me/data', target: '/data', isReadOnly: true },
      { source: '/home/me/out', target: '/out', isReadOnly: false },
    ],
  });
});

it.each([
  [
    'a service of an older manifest',
    { service: true as const },
    'it is a service, and its manifest does not say what was asked of it',
  ],
  [
    'what was only asked from beside it',
    { service: true as const, asked: { ready: [], steps: [PROBE] } },
    'all that was asked of it ran on the machine of who shrank it',
  ],
  ['what reads its input', { options: { interactive: true } }, 'it reads its standard input'],
  ['a volume of the engine', { options: { volume: ['cache:/cache'] } }, 'it has a volume of the engine'],
  [
    'a device',
    { options: { device: ['/dev/fuse'] } },
    'it was given device, which reaches out of its container',
  ],
  [
    'rights',
    { options: { capAdd: ['SYS_ADMIN'] } },
    'it was given capAdd, which reaches out of its container',
  ],
  [
    'an option that nobody knows yet',
    { options: { new: 'x' } },
    'it was given new, which reaches out of its container',
  ],
])('says why %s is not run again', (_, facts, why) => {
  expect(planRun({ ...RUN, ...facts }, []).notReplayed).toBe(why);
});

it('runs what says only that it is nothing special', () => {
  expect(planRun({ ...RUN, options: { interactive: false, tty: false } }, []).notReplayed).toBeUndefined();
});

it('makes up no value of a variable', () => {
  const planned = () => planRun({ ...RUN, variables: ['TOKEN'] }, ['TOKENS=1']);
  expect(planned).toThrow(ArchiveError);
  expect(planned).toThrow("the run 'plot' had the variable TOKEN");
});
