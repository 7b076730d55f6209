/** The standard's class for a runtime that has none. */
export class AsyncDisposableStackPonyfill implements globalThis.AsyncDisposableStack {
  readonly [Symbol.toStringTag] = 'AsyncDisposableStack';
  #disposals: (() => unknown)[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  use<T extends AsyncDisposable | Disposable | null | undefined>(value: T): T {
    this.#requireUndisposed();
    if (value === null || value === undefined) return value;
    this.#disposals.push(disposalOf(value));
    return value;
  }

  adopt<T>(value: T, onDisposeAsync: (value: T) => PromiseLike<void> | void): T {
    this.defer(() => onDisposeAsync(value));
    return value;
  }

  defer(onDisposeAsync: () => PromiseLike<void> | void): void {
    this.#requireUndisposed();
    this.#disposals.push(onDisposeAsync);
  }

  move(): AsyncDisposableStackPonyfill {
    this.#requireUndisposed();
    const moved = new AsyncDisposableStackPonyfill();
    moved.#disposals = this.#disposals;
    this.#disposals = [];
    this.#disposed = true;
    return moved;
  }

  async disposeAsync(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    const disposals = this.#disposals.reverse();
    this.#disposals = [];
    let failure: { readonly error: unknown } | undefined;
    for (const dispose of disposals) {
      try {
        await dispose();
      } catch (error) {
        failure = { error: failure === undefined ? error : suppressing(error, failure.error) };
      }
    }
    if (failure !== undefined) throw failure.error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disposeAsync();
  }

  #requireUndisposed(): void {
    if (this.#disposed) throw new ReferenceError('the stack of disposables was disposed of already');
  }
}

/** Several things that are disposed of together, the last one first. */
export type AsyncDisposableStack = globalThis.AsyncDisposableStack;

/**
 * The standard's stack of disposables: the runtime's own, or on Node 22, which has none, one that does the same.
 *
 * @see ECMAScript, "AsyncDisposableStack Objects"
 * @example
 * await using opened = new AsyncDisposableStack();
 * const container = opened.use(await engine.createContainer(config, 'example'));
 * // When this throws, the container is removed.
 * await container.start();
 * // From here on it is the caller's to dispose of.
 * opened.move();
 * return container;
 */
export const AsyncDisposableStack: AsyncDisposableStackConstructor =
  globalThis.AsyncDisposableStack ?? AsyncDisposableStackPonyfill;

function disposalOf(value: AsyncDisposable | Disposable): () => unknown {
  const asynchronous = (value as Partial<AsyncDisposable>)[Symbol.asyncDispose];
  const synchronous = (value as Partial<Disposable>)[Symbol.dispose];
  if (typeof asynchronous === 'function') return () => asynchronous.call(value);
  if (typeof synchronous !== 'function') throw new TypeError('the value cannot be disposed of');
  return () => {
    synchronous.call(value);
  };
}

/** @see ECMAScript, "SuppressedError Objects", which Node 22 lacks as well */
function suppressing(error: unknown, suppressed: unknown): Error {
  const message = 'a further error during disposal';
  return Object.assign(new Error(message), { name: 'SuppressedError', error, suppressed });
}
