import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Takes pieces of one content apart. */
export interface Inflater {
  inflate(bytes: Uint8Array, way: keyof typeof WAYS): Buffer;
}

/** RFC 1950, 1951 and 1952. */
const WAYS = { zlib: inflateSync, deflate: inflateRawSync, gzip: gunzipSync };

/** Of all pieces: a few bytes may stand for very many. */
const INFLATED_BYTES_MAX = 64 * 1024 * 1024;

export function createInflater(): Inflater {
  let left = INFLATED_BYTES_MAX;
  return {
    inflate(bytes, way) {
      const inflated = WAYS[way](bytes, { maxOutputLength: Math.max(1, left) });
      left -= inflated.length;
      return inflated;
    },
  };
}
