import { describe, expect, it } from 'vitest';
import { EngineError } from '../engine-error.js';
import { createRestartPatience } from './restart-patience.js';

const unreachable = new EngineError('ENGINE_UNREACHABLE', 'the engine does not answer');

describe('a removal', () => {
  it('is tried again until the engine answers', async () => {
    let tries = 0;
    const removed = await createRestartPatience()(async () => {
      if (++tries < 3) throw unreachable;
      return 'removed';
    });
    expect([removed, tries]).toEqual(['removed', 3]);
  });

  it('fails when the engine stays away, and the next one does not wait any more', async () => {
    let tries = 0;
    const removal = async () => {
      tries++;
      throw unreachable;
    };
    const outlast = createRestartPatience(1);
    await expect(outlast(removal)).rejects.toBe(unreachable);
    const before = tries;
    await expect(outlast(removal)).rejects.toBe(unreachable);
    expect(tries).toBe(before + 1);
  });

  it('that the engine refuses is not tried again', async () => {
    let tries = 0;
    const refused = createRestartPatience()(async () => {
      tries++;
      throw new EngineError('ENGINE_FAILED', 'it is in use');
    });
    await expect(refused).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(tries).toBe(1);
  });
});
