import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AsyncDisposableStack, AsyncDisposableStackPonyfill } from './async-disposable-stack.js';

/** What can be done with a stack; a disposal has a name and may fail. */
type Operation =
  | { readonly kind: 'use' | 'use-sync' | 'adopt' | 'defer'; readonly fails: boolean }
  | { readonly kind: 'use-nothing' | 'use-number' | 'move' | 'dispose' };

const operations = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('use' as const, 'use-sync' as const, 'adopt' as const, 'defer' as const),
      fails: fc.boolean(),
    }),
    fc.record({
      kind: fc.constantFrom(
        'use-nothing' as const,
        'use-number' as const,
        'move' as const,
        'dispose' as const,
      ),
    }),
  ),
  { maxLength: 12 },
);

/** Everything that can be seen of a stack while it is used so, and of its end. */
async function observe(Stack: AsyncDisposableStackConstructor, all: readonly Operation[]) {
  const seen: unknown[] = [];
  const stacks = [new Stack()];
  const dispose = (name: number, fails: boolean) => {
    seen.push(`dispose ${name}`);
    if (fails) throw `failure ${name}`;
  };
  const note = async (action: () => unknown) => {
    try {
      seen.push(typeof (await action()));
    } catch (error) {
      seen.push(describeError(error));
    }
  };
  for (const [name, operation] of all.entries()) {
    const stack = stacks.at(-1) as AsyncDisposableStack;
    await note(() => {
      switch (operation.kind) {
        case 'use':
          return stack.use({ [Symbol.asyncDispose]: async () => dispose(name, operation.fails) });
        case 'use-sync':
          return stack.use({ [Symbol.dispose]: () => dispose(name, operation.fails) });
        case 'adopt':
          return stack.adopt(name, async (value) => dispose(value, operation.fails));
        case 'defer':
          return stack.defer(() => dispose(name, operation.fails));
        case 'use-nothing':
          return stack.use(undefined);
        case 'use-number':
          return stack.use(name as never);
        case 'move':
          return void stacks.push(stack.move());
        case 'dispose':
          return stack.disposeAsync();
      }
    });
    seen.push(stacks.map(({ disposed }) => disposed));
  }
  for (const stack of stacks) await note(() => stack[Symbol.asyncDispose]());
  return seen;
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, error: latest, suppressed } = error as Error & { error?: unknown; suppressed?: unknown };
  return name === 'SuppressedError'
    ? { latest: describeError(latest), suppressed: describeError(suppressed) }
    : name;
}

describe('a stack of disposables', () => {
  it('of ours does what the runtime’s own does', async () => {
    await fc.assert(
      fc.asyncProperty(operations, async (all) => {
        expect(await observe(AsyncDisposableStackPonyfill, all)).toEqual(
          await observe(AsyncDisposableStack, all),
        );
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['the runtime’s', AsyncDisposableStack],
    ['ours', AsyncDisposableStackPonyfill],
  ])('disposes of all in reverse, one after the other, and fails with all failures: %s', async (_, Stack) => {
    expect(
      await observe(Stack, [
        { kind: 'defer', fails: true },
        { kind: 'use', fails: false },
        { kind: 'adopt', fails: true },
        { kind: 'move' },
      ]),
    ).toEqual([
      'undefined',
      [false],
      'object',
      [false],
      'number',
      [false],
      'undefined',
      [true, false],
      'undefined',
      'dispose 2',
      'dispose 1',
      'dispose 0',
      { latest: 'failure 0', suppressed: 'failure 2' },
    ]);
  });
});
