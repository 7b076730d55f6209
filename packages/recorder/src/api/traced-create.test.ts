import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import { type Identity, TRACE_FOLDER } from '@keepset/tracer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectAsAsked, listedAsAsked } from './as-asked.js';
import { type AskedContainer, programOf } from './asked-container.js';
import { toTracedCreate } from './traced-create.js';

const MOUNTS = [
  { Type: 'volume', Source: 'toolbox', Target: TOOLBOX_FOLDER },
  { Type: 'volume', Source: 'traces', Target: TRACE_FOLDER },
];
const ROOT: Identity = { uid: 0, gid: 0, supplementaryGids: [], home: '/root' };
const APP = { uid: 7, gid: 7, supplementaryGids: [8], home: '/app' };

function traced(asked: Partial<AskedContainer>, config = {}, identity = ROOT) {
  const plan = { identity, mounts: MOUNTS, traceName: 'container-1', seccompFilter: true };
  const made = toTracedCreate({ Image: 'a', Cmd: ['x', '-y'], ...asked }, { config }, plan);
  if (made === undefined) throw new Error('there is a program');
  return made;
}

it('the tracer starts the program, and writes into the volume of traces', () => {
  const { body } = traced({});
  expect(body.Entrypoint).toEqual([`${TOOLBOX_FOLDER}/loader`]);
  expect(body.Cmd).toContain(`${TRACE_FOLDER}/container-1`);
  expect(body.Cmd?.slice(-2)).toEqual(['x', '-y']);
  expect(body.HostConfig?.Mounts).toEqual(MOUNTS);
  expect(body.HostConfig?.CapAdd).toEqual(['SYS_PTRACE']);
  expect(body).not.toHaveProperty('User');
});

it('a program of a user is told its HOME, and the container is not', () => {
  const { body } = traced({ User: 'app' }, {}, APP);
  expect(body.User).toBe('0:0');
  expect(body.Cmd).toContain('HOME=/app');
  expect(body.Env).toEqual([]);
});

it('variables that act on the toolbox are taken from it and given to the program', () => {
  const { body } = traced({ Env: ['A=1', 'LANG=C'] }, { Env: ['LD_PRELOAD=/x.so', 'TZ=UTC'] });
  expect(body.Env).toEqual(['A=1', 'LD_PRELOAD', 'TZ', 'LANG']);
  expect(body.Cmd).toEqual(expect.arrayContaining(['LD_PRELOAD=/x.so', 'TZ=UTC', 'LANG=C']));
});

it('one that the client takes away is not given again', () => {
  expect(traced({ Env: ['TZ'] }, { Env: ['TZ=UTC'] }).body.Cmd?.join(' ')).not.toContain('TZ');
});

describe('a HEALTHCHECK is traced as well', () => {
  it.each([
    [['CMD', 'curl', '/'], {}, ['curl', '/']],
    [['CMD-SHELL', 'curl /'], {}, ['/bin/sh', '-c', 'curl /']],
    [['CMD-SHELL', 'curl /'], { Shell: ['/bin/bash', '-ec'] }, ['/bin/bash', '-ec', 'curl /']],
  ])('%j', (Test, config, words) => {
    const { body } = traced({ Healthcheck: { Test, Interval: 5 } }, config);
    expect(body.Healthcheck).toMatchObject({ Interval: 5 });
    expect(body.Healthcheck?.Test?.slice(-words.length)).toEqual(words);
    expect(body.Healthcheck?.Test).toContain(`${TRACE_FOLDER}/container-1-health`);
  });

  it.each([[['NONE']], [[]], [undefined]])('%j stays', (Test) => {
    const Healthcheck = Test === undefined ? undefined : { Test };
    expect(traced({ ...(Healthcheck && { Healthcheck }) }).body.Healthcheck).toEqual(Healthcheck);
  });
});

it('nothing to run is the engine to complain of', () => {
  const plan = { identity: ROOT, mounts: MOUNTS, traceName: 't', seccompFilter: true };
  expect(toTracedCreate({ Image: 'a' }, { config: {} }, plan)).toBeUndefined();
});

it('all else that was asked for stays, and inspect shows what was asked for', () => {
  const words = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 });
  const names = fc.subarray(['SYS_PTRACE', 'SETUID', 'CHOWN', 'NET_ADMIN']);
  fc.assert(
    fc.property(
      words,
      words,
      names,
      names,
      fc.dictionary(fc.string(), fc.string()),
      (Cmd, Env, add, drop, Labels) => {
        const asked = { Cmd, Env, Labels, HostConfig: { CapAdd: add, CapDrop: drop, Memory: 5 } };
        const made = traced(asked);
        expect(made.body).toMatchObject({ Labels, HostConfig: { Memory: 5 } });
        const answer = {
          Path: made.body.Entrypoint?.[0],
          Args: made.body.Cmd,
          Config: { ...made.body, HostConfig: undefined },
          HostConfig: made.body.HostConfig as object,
          Mounts: MOUNTS.map(({ Target }) => ({ Destination: Target })),
        };
        const shown = inspectAsAsked(answer, { body: { Image: 'a', ...asked }, merged: made.merged });
        expect(JSON.stringify(shown)).not.toContain('keepset');
        expect([shown.Path, ...(shown.Args as string[])]).toEqual(programOf(made.merged));
        expect(shown).toMatchObject({ Mounts: [], HostConfig: { CapAdd: add, CapDrop: drop } });
      },
    ),
  );
});

it('a list shows the command as the engine writes it', () => {
  const { merged } = traced({ Cmd: ['sh', '-c', 'a b'] });
  expect(listedAsAsked({ Id: '1' }, { body: { Image: 'a' }, merged })).toEqual({
    Id: '1',
    Command: "sh -c 'a b'",
  });
});
