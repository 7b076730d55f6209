import { BuildError } from './build-error.js';

const BLOCK_BYTES = 512;
const END_MARK_BYTES = 2 * BLOCK_BYTES;

/** What was seen of a tar that goes by. */
export interface TarWatch {
  sizeBytes: number;
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
  for await (const chunk of tar) {
    watch.sizeBytes += chunk.length;
    tail =
      chunk.length >= END_MARK_BYTES
        ? chunk.slice(-END_MARK_BYTES)
        : Buffer.concat([tail, chunk]).subarray(-END_MARK_BYTES);
    onBytes?.(watch.sizeBytes);
    yield chunk;
  }
  if (
    watch.sizeBytes % BLOCK_BYTES !== 0 ||
    tail.length < END_MARK_BYTES ||
    tail.some((byte) => byte !== 0)
  ) {
    throw new BuildError(
      'BUILD_TRUNCATED',
      `the tar of the kept files ended early, after ${watch.sizeBytes} bytes`,
    );
  }
}
