import { describe, expect, it } from 'vitest';
import { type TracingContext, tracingRules } from './tracing-rules.js';

describe('a container that is asked for in words that keepset does not know', () => {
  it.each([
    ['is named among the untraced, where the engine makes it', 201, 1],
    ['is nobody’s, where the engine refuses it', 400, 0],
  ])('%s', async (_, status, count) => {
    const rules = tracingRules({} as TracingContext);
    const exchange = await rules.create('{"Image":"a","Env":[null]}', { name: 'db', client: '' });
    expect(exchange?.body).toBeUndefined();
    await exchange?.onAnswer?.({ status, body: Buffer.from('{"Id":"1"}') });
    const reason = 'it was asked for in words that keepset does not know';
    const named = { name: 'db', image: '', imageId: undefined, command: [], reason };
    expect(rules.untraced).toEqual(Array.from({ length: count }, () => named));
  });
});
