/** Text as a byte string: UTF-8, one UTF-16 unit for each byte. */
export function toByteString(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
