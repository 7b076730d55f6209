import { TarFault } from './tar-fault.js';

/** Keys and values of an extended header, byte strings, in their order: sparse maps repeat keys. */
export type PaxRecords = readonly (readonly [key: string, value: string])[];

/**
 * @param body  'LENGTH KEY=VALUE\n' each, where LENGTH counts all of it; a value may hold any byte
 * @throws TarFault  it is none
 * @see pax(1), "pax Extended Header"
 */
export function parsePaxRecords(body: Buffer): PaxRecords {
  const records: (readonly [string, string])[] = [];
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(0x20, at);
    const digits = blank === -1 ? '' : body.toString('latin1', at, blank);
    const end = /^[0-9]{1,9}$/.test(digits) ? at + Number(digits) : 0;
    const equals = body.indexOf(0x3d, blank);
    if (end > body.length || equals === -1 || equals >= end || body[end - 1] !== 0x0a)
      throw new TarFault('an extended header has a record that is none');
    records.push([body.toString('latin1', blank + 1, equals), body.toString('latin1', equals + 1, end - 1)]);
    at = end;
  }
  return records;
}
