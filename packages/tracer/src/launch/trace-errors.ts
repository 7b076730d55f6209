import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import { TracerError } from '../tracer-error.js';
import { TRACE_FOLDER } from './trace-files.js';

/** How strace names a file of traces that it cannot write; both folders have names made at random, so no program says it. */
const MARK = `${TOOLBOX_FOLDER}/bin/strace: ${TRACE_FOLDER}/`;
/** The name of the file, and why. */
const REST_BYTES_MAX = 300;

/** Looks into the output of a traced program for what strace says of its trace. */
export interface TraceErrors {
  /** To be given all of one stream, piece by piece. */
  see(stream: string, bytes: Uint8Array): void;
  /** Why a part of the trace is missing; undefined: nothing was said of that. */
  reason(): string | undefined;
}

/**
 * Lines that strace could not write are lost, and the trace has its end all the same where there was room again.
 *
 * @example
 * const errors = watchTraceErrors();
 * errors.see('stderr', Buffer.from('all is well\n'));
 * errors.reason() // undefined
 */
export function watchTraceErrors(): TraceErrors {
  const ends = new Map<string, string>();
  let found: string | undefined;
  return {
    see(stream, bytes) {
      if (found !== undefined) return;
      const before = ends.get(stream) ?? '';
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const edge = before + piece.toString('latin1', 0, MARK.length);
      if (!edge.includes(MARK) && !piece.includes(MARK)) {
        const end = piece.toString('latin1', Math.max(0, piece.length - MARK.length));
        ends.set(stream, (before + end).slice(-MARK.length));
        return;
      }
      const text = before + piece.toString('latin1');
      const begun = text.slice(text.indexOf(MARK), text.indexOf(MARK) + MARK.length + REST_BYTES_MAX);
      const rest = begun.slice(MARK.length);
      if (/[\r\n]/.test(rest) || rest.length === REST_BYTES_MAX) found = toReason(rest);
      ends.set(stream, begun);
    },
    reason() {
      if (found !== undefined) return found;
      const begun = [...ends.values()].find((text) => text.startsWith(MARK));
      return begun && toReason(begun.slice(MARK.length));
    },
  };
}

/** @param rest  the file, and after a colon what the system says */
function toReason(rest: string): string {
  const [line = ''] = rest.split(/[\r\n]/);
  return line.slice(line.indexOf(': ') + 2);
}

/** @throws TracerError TRACE_UNWRITTEN */
export function requireWritten({ reason }: TraceErrors): void {
  const why = reason();
  if (why === undefined) return;
  throw new TracerError('TRACE_UNWRITTEN', `strace could not write its trace: ${why}`, {
    hint: 'Make room on the disk of the engine: what the command used is not all in the trace.',
  });
}
