import { type PackedData, unpackData } from '../packed-data.js';

/** Unpack what stands in the page: gzip in base64. */
export async function readData(base64: string): Promise<ReturnType<typeof unpackData>> {
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return unpackData((await new Response(stream).json()) as PackedData);
}
