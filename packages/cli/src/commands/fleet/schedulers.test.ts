import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FleetRecord } from '@keepset/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withAnswers } from '../../../../../test-fixtures/answering.ts';
import type { FleetFile } from '../../inputs/fleet/fleet-file.js';
import type { Console } from '../../terminal/console.js';
import { statusFacts } from './open-fleet.js';
import { removeEnded } from './schedulers.js';

const folder = mkdtempSync(join(tmpdir(), 'test-schedulers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const record = new FleetRecord(join(folder, 'record'));
const fleet: FleetFile = {
  ...{ folder, entries: [], runs: {}, results: {}, record: 'record', strict: false, limits: {} },
  ...{ jobs: undefined, slurmOptions: [], swarm: {} },
};
const opened = { file: 'fleet.yaml', fleet, record };

/** Of a machine whose engine is at HOST:PORT; by default there is none. */
function machine({ engine = '127.0.0.1:1', signal = new AbortController().signal } = {}) {
  let said = '';
  const console: Pick<Console, 'environment' | 'signal' | 'writeError'> = {
    environment: { DOCKER_HOST: `tcp://${engine}` },
    signal,
    writeError: (text) => {
      said += text;
    },
  };
  return { console: console as Console, said: () => said };
}

beforeAll(async () => {
  const { round } = await record.beginRound(
    { startedAt: '2026-01-01T00:00:00Z', on: 'swarm', again: false },
    [],
    [],
  );
  await record.writeRound({ ...round, jobs: [{ id: 'abc', first: 0, count: 1 }] });
});

describe('after a round on a Swarm whose engine does not answer', () => {
  it('it is told where tasks stand, as far as one knows', async () => {
    const { console, said } = machine();
    const { scheduled } = await statusFacts(opened, console);
    expect(scheduled.size).toBe(0);
    expect(said()).toMatch(/^keepset: Swarm was not asked: no engine at tcp:\/\/127.0.0.1:1: .*\n$/);
  });

  it('ended jobs stay', async () => {
    const { console, said } = machine();
    await removeEnded(opened, console);
    expect(record.rounds()[0]?.jobs).toHaveLength(1);
    expect(said()).toMatch(/^keepset: ended jobs stay with the Swarm: no engine at /);
  });

  it('an interruption ends all', async () => {
    const { console } = machine({ signal: AbortSignal.abort() });
    await expect(statusFacts(opened, console)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(removeEnded(opened, console)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

it('in the middle of a question to a Swarm, an interruption ends all', async () => {
  for (const ask of [statusFacts, removeEnded]) {
    const interruption = new AbortController();
    const manager: RequestListener = ({ url }, response) => {
      if (url === '/version') response.end(JSON.stringify({ ApiVersion: '1.51', Version: '28' }));
      // It never answers.
      else interruption.abort();
    };
    const asked = await withAnswers(manager, async (engine) => {
      const { console } = machine({ engine, signal: interruption.signal });
      await expect(ask(opened, console)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });
    expect(asked).toContain('GET /v1.51/services/abc');
  }
});
