import type { Inflater } from './inflater.js';
import type { Parts } from './unpack.js';

const END = 'endstream';

/**
 * The streams, and the text around them; without lengths and places, which follow how well streams are packed.
 *
 * @see ISO 32000-1, 7.3.8 and 7.5.4
 */
export function unpackPdf(bytes: Buffer, { inflate }: Inflater): Parts {
  const parts = new Map<string, Uint8Array>();
  const around: string[] = [];
  let at = 0;
  for (let start = bytes.indexOf('stream'); start >= 0; start = bytes.indexOf('stream', at)) {
    const [keyword = ''] = /^stream\r?\n/.exec(bytes.toString('latin1', start, start + 8)) ?? [];
    const end = bytes.indexOf(END, start);
    if (keyword === '' || end < 0) throw new Error(`no stream of a PDF at byte ${start}`);
    around.push(bytes.toString('latin1', at, start));
    const data = bytes.subarray(start + keyword.length, end);
    parts.set(`stream ${parts.size + 1}`, inflated(data, inflate));
    at = end + END.length;
  }
  around.push(bytes.toString('latin1', at));
  return parts.set('the text around streams', Buffer.from(withoutPlaces(around.join('')), 'latin1'));
}

/** Its lengths, and those of the table that tells where each object is. */
function withoutPlaces(text: string): string {
  return text
    .replace(/\/Length \d+(?! \d+ R)/g, '/Length')
    .replace(/^\d{10} (?=\d{5} n)/gm, '')
    .replace(/^(\d+ 0 obj\s+)\d+(?=\s+endobj)/gm, '$1')
    .replace(/(?<=startxref\s+)\d+/, '');
}

function inflated(data: Buffer, inflate: Inflater['inflate']): Uint8Array {
  try {
    return inflate(data, 'zlib');
  } catch {
    // It is packed in another way, or not at all.
    return data;
  }
}
