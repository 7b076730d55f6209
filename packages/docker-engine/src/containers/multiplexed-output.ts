import { EngineError } from '../engine-error.js';

/** A piece of what a program wrote, in order. Pieces are as the transport cut them. */
export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

const HEADER_BYTES = 8;

/**
 * Take an attach or exec stream apart. Each frame is one byte of stream number, three of zero, four of length
 * (big-endian), then the payload; payloads are passed on as they come, never gathered.
 *
 * @throws EngineError ENGINE_FAILED  a stream number other than 0, 1, 2, or an end inside a frame
 * @see Docker Engine API, "Attach to a container", "Stream format"
 */
export async function* readMultiplexedOutput(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  const header = new Uint8Array(HEADER_BYTES);
  let headerFilled = 0;
  let stream: OutputChunk['stream'] = 'stdout';
  let payloadLeft = 0;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      if (payloadLeft > 0) {
        const bytes = chunk.subarray(at, at + payloadLeft);
        at += bytes.length;
        payloadLeft -= bytes.length;
        yield { stream, bytes };
        continue;
      }
      const piece = chunk.subarray(at, at + HEADER_BYTES - headerFilled);
      header.set(piece, headerFilled);
      headerFilled += piece.length;
      at += piece.length;
      if (headerFilled < HEADER_BYTES) break;
      headerFilled = 0;
      if ((header[0] ?? 3) > 2)
        throw new EngineError(
          'ENGINE_FAILED',
          `bad frame in the engine's output stream: stream number ${header[0]}`,
        );
      stream = header[0] === 2 ? 'stderr' : 'stdout';
      payloadLeft = new DataView(header.buffer).getUint32(4);
    }
  }
  if (payloadLeft > 0 || headerFilled > 0)
    throw new EngineError('ENGINE_FAILED', "the engine's output stream ended in the middle of a frame");
}
