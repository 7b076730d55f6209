import { Transform } from 'node:stream';

/**
 * A stream of events, a line each, without those that are keepset's, and with what clients asked for in the others.
 *
 * @param toLine  undefined: the event is left out
 */
export function eventLines(toLine: (line: string) => string | undefined): Transform {
  let rest = '';
  const change = (lines: readonly string[]) =>
    lines.flatMap((line) => {
      const changed = line.trim() === '' ? line : toLine(line);
      return changed === undefined ? [] : [`${changed}\n`];
    });
  return new Transform({
    decodeStrings: true,
    transform(chunk: Buffer, _encoding, done) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      const text = change(lines).join('');
      done(null, text === '' ? undefined : Buffer.from(text, 'latin1'));
    },
    flush(done) {
      const text = rest === '' ? '' : change([rest]).join('');
      done(null, text === '' ? undefined : Buffer.from(text, 'latin1'));
    },
  });
}
