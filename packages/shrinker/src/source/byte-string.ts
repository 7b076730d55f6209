/** JSON gives text; paths are bytes: one UTF-16 unit a byte. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The inverse, as far as the bytes are UTF-8. */
export function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
