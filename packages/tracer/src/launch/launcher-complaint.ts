import type { OutputChunk } from '@keepset/docker-engine';
import { TOOLBOX_FOLDER } from '@keepset/toolbox';

/** strace and env name themselves as they were started, so this cannot be a program's. */
const OWN_LINE = new RegExp(`^${TOOLBOX_FOLDER.replaceAll('.', '\\.')}/bin/(strace|env):`);
/** setpriv leaves its folder out, so an image's own setpriv says the same. */
const LIKELY_LINE = /^setpriv:/;
/** With which the launcher ends when it fails. @see setpriv(1), env(1), "Exit status" */
const LAUNCHER_FAILURES: ReadonlySet<number> = new Set([1, 125, 126, 127]);
/** A complaint comes in several writes, and is no longer than this. */
const COMPLAINT_BYTES_MAX = 16 * 1024;

/**
 * Passes a program's output on, but for a complaint of the launcher's at its very start: keepset says itself, and
 * better, that the program could not be executed. What turns out to be the program's after all is passed on late.
 */
export function withoutLauncherComplaint(onOutput: (chunk: OutputChunk) => void | Promise<void>) {
  let begun = false;
  let complaint = '';
  let heldBytes = 0;
  let held: OutputChunk[] = [];

  /** Pass on what was held, but for the lines that are the launcher's beyond doubt. */
  async function release(): Promise<void> {
    begun = true;
    const chunks = held;
    held = [];
    const [first] = chunks;
    if (first === undefined || !OWN_LINE.test(toText([first]))) {
      for (const chunk of chunks) await onOutput(chunk);
      return;
    }
    for (const { stream, lines } of inStreams(chunks)) {
      complaint += lines.filter((line) => OWN_LINE.test(line)).join('');
      const rest = lines.filter((line) => !OWN_LINE.test(line)).join('');
      if (rest !== '') await onOutput({ stream, bytes: Buffer.from(rest, 'latin1') });
    }
  }

  return {
    async onOutput(chunk: OutputChunk): Promise<void> {
      if (begun) return await onOutput(chunk);
      const [first] = held;
      const text = toText([chunk]);
      const mayBeComplaint =
        first === undefined ? OWN_LINE.test(text) || LIKELY_LINE.test(text) : first.stream === chunk.stream;
      held.push(chunk);
      heldBytes += chunk.bytes.length;
      if (!mayBeComplaint || heldBytes > COMPLAINT_BYTES_MAX) await release();
    },
    /**
     * To be called when the program has ended.
     *
     * @returns what the launcher said; empty when all went well
     */
    async finish(exitStatus: number): Promise<string> {
      if (LAUNCHER_FAILURES.has(exitStatus) && LIKELY_LINE.test(toText(held))) complaint = toText(held);
      else await release();
      return Buffer.from(complaint, 'latin1').toString('utf8');
    },
  };
}

/** As a byte string. */
function toText(chunks: readonly OutputChunk[]): string {
  return Buffer.concat(chunks.map(({ bytes }) => bytes)).toString('latin1');
}

function inStreams(chunks: readonly OutputChunk[]) {
  return (['stdout', 'stderr'] as const).map((stream) => ({
    stream,
    lines: toText(chunks.filter((chunk) => chunk.stream === stream)).split(/(?<=\n)/),
  }));
}
