import { BuildError } from '../build-error.js';

const BLOCK_BYTES = 512;
const END_MARK_BYTES = 2 * BLOCK_BYTES;

/** What was seen of a tar that goes by. */
export interface TarWatch {
  sizeBytes: number;
  /** Why it ended early: whoever takes the tar may report another reason. */
  failure?: unknown;
}

/**
 * Let a tar through, unchanged and unheld; its length is in `watch`.
 *
 * @throws BuildError BUILD_TRUNCATED  the tar has no end mark: whoever wrote it was stopped
 * @see tar(5), "General Format": two blocks of zeros end an archive
 */
export async function* watchTar(
  tar: AsyncIterable<Uint8Array>,
  watch: TarWatch,
  onBytes?: (sizeBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let tail: Uint8Array = new Uint8Array();
  try {
    for await (const chunk of tar) {
      watch.sizeBytes += chunk.length;
      tail =
        chunk.length >= END_MARK_BYTES
          ? chunk.slice(-END_MARK_BYTES)
          : Buffer.concat([tail, chunk]).subarray(-END_MARK_BYTES);
      onBytes?.(watch.sizeBytes);
      yield chunk;
    }
    requireEndMark(tail, watch.sizeBytes);
  } catch (error) {
    watch.failure = error;
    throw error;
  }
}

function requireEndMark(tail: Uint8Array, sizeBytes: number): void {
  const isWhole =
    sizeBytes % BLOCK_BYTES === 0 && tail.length === END_MARK_BYTES && tail.every((byte) => byte === 0);
  if (!isWhole)
    throw new BuildError(
      'BUILD_TRUNCATED',
      `the tar of the kept files ended early, after ${sizeBytes} bytes`,
    );
}
