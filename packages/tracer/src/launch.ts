import type { OutputChunk } from '@keepset/docker-engine';
import { TOOLBOX_FOLDER } from '@keepset/toolbox';

/** The part of a file access that tells whether the program itself has begun. */
interface AccessLike {
  readonly path: string;
  readonly action: string;
  readonly errno?: string | undefined;
}

/**
 * Leave out what the launcher did before it became the program.
 *
 * @param accesses  of one trace, from its start
 * @param onLaunch  called once, when the program begins; never, when it could not be executed
 */
export async function* afterLaunch<T extends AccessLike>(
  accesses: AsyncIterable<T>,
  onLaunch: () => void,
): AsyncGenerator<T> {
  let launched = false;
  for await (const access of accesses) {
    if (!launched) {
      launched =
        access.action === 'execute' &&
        access.errno === undefined &&
        !access.path.startsWith(`${TOOLBOX_FOLDER}/`);
      if (!launched) continue;
      onLaunch();
    }
    yield access;
  }
}

const LAUNCHER_COMPLAINT = /^(?:\S*\/)?(setpriv|env|strace): /;

/**
 * Passes a program's output on, but for a complaint of the launcher's at the very start of standard error: keepset
 * says itself, and better, that the program could not be executed.
 */
export function withoutLauncherComplaint(onOutput: (chunk: OutputChunk) => void | Promise<void>) {
  let begun = false;
  let complaint = '';
  return {
    async onOutput(chunk: OutputChunk): Promise<void> {
      if (chunk.stream === 'stderr' && !begun) {
        const text = Buffer.from(chunk.bytes).toString('utf8');
        if (complaint !== '' || LAUNCHER_COMPLAINT.test(text)) {
          complaint += text;
          return;
        }
      }
      begun = true;
      await onOutput(chunk);
    },
    /** What was held back; to be passed on by whoever finds that it was the program's after all. */
    complaint: () => complaint,
  };
}
