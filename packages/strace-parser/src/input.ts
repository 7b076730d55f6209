/**
 * Where a log comes from: a file's stream, a fetch body, chunks in memory, or text.
 *
 * Any chunking will do. A string is text and is encoded as UTF-8 (strace itself prints ASCII only); give
 * bytes when the log holds anything else. A chunk is not kept after the next one has been asked for.
 */
export type TraceInput =
  | string
  | Uint8Array
  | Iterable<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>
  | ByteStream;

/** The part of a web ReadableStream that is used. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}

const MARK_BYTES = 3;

/** Every kind of input as chunks of bytes, without a byte order mark. UTF-16, which must have one, becomes UTF-8. */
export async function* toChunks(input: TraceInput): AsyncGenerator<Uint8Array> {
  // What has come before it is known whether there is a mark.
  let begun: Uint8Array | undefined = new Uint8Array();
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of rawChunks(input)) {
    let bytes = chunk;
    if (begun !== undefined) {
      bytes = new Uint8Array(begun.length + chunk.length);
      bytes.set(begun);
      bytes.set(chunk, begun.length);
      begun = bytes.length < MARK_BYTES ? bytes : undefined;
      if (begun !== undefined) continue;
      const [first = 0, second = 0] = bytes;
      const mark = first * 256 + second;
      if (mark === 0xfffe || mark === 0xfeff)
        decoder = new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be');
      else if (mark === 0xefbb) bytes = bytes.subarray(MARK_BYTES);
    }
    yield decoder === undefined ? bytes : encoder.encode(decoder.decode(bytes, { stream: true }));
  }
  if (begun !== undefined) yield begun;
}

async function* rawChunks(input: TraceInput): AsyncGenerator<Uint8Array> {
  if (typeof input === 'string') yield encoder.encode(input);
  else if (input instanceof Uint8Array) yield input;
  else if (Symbol.asyncIterator in input || Symbol.iterator in input) {
    for await (const chunk of input) yield typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
  } else yield* readStream(input);
}

/** How much of a chunk is taken over at a time, in bytes. */
export const PIECE_BYTES = 64 * 1024;
/** How much is read of it before someone is asked whether more is wanted, in bytes. */
export const STEP_BYTES = 2 * 1024;

const encoder = new TextEncoder();

/** Browsers that cannot iterate a stream yet. */
async function* readStream(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || value === undefined) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
