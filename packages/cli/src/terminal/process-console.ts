import { once } from 'node:events';
import type { Console } from './console.js';
import { plainText } from './plain-text.js';

const DEFAULT_COLUMNS = 80;

/** Exit status of a process that a signal ended, as shells count. */
export const SIGNAL_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

export interface ProcessConsole extends Console {
  /** The signal that came, if one did. */
  received(): keyof typeof SIGNAL_STATUS | undefined;
  /** Everything written has left the process, or its reader has gone. */
  flush(): Promise<void>;
}

/** A signal to a whole group, or coreutils' timeout, comes twice at once: that is one wish. */
const SAME_WISH_MS = 2000;

/**
 * This process as a Console. A signal ends it as any program, until somebody asks for `signal`: from then on there is
 * something to clean up. The first signal then interrupts the work, which cleans up; one that comes more than two seconds
 * later ends the process at once.
 */
export function processConsole(): ProcessConsole {
  const controller = new AbortController();
  let received: keyof typeof SIGNAL_STATUS | undefined;
  let isListening = false;
  const listen = () => {
    if (isListening) return;
    isListening = true;
    let receivedMs = 0;
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (received === undefined) {
          receivedMs = performance.now();
          received = signal;
          controller.abort(signal);
        } else if (performance.now() - receivedMs > SAME_WISH_MS) {
          process.stderr.write("keepset: ended without cleaning up; 'keepset prune' removes what is left\n");
          process.exit(SIGNAL_STATUS[signal]);
        }
      });
  };
  // A reader that has gone away ('keepset … | head') is no reason to stop the work.
  const gone = new Set<NodeJS.WriteStream>();
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      gone.add(stream);
    });
  }
  const write = async (stream: NodeJS.WriteStream, data: string | Uint8Array): Promise<void> => {
    if (gone.has(stream) || stream.write(data) || gone.has(stream)) return;
    // Of the two that are waited for, the other must not be left waiting: there is a piece more to come.
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]).catch(
      () => {},
    );
    waiting.abort();
  };
  return {
    // As it was given: what keepset itself changes is not for the programs that it starts.
    environment: { ...process.env },
    workingDirectory: process.cwd(),
    // A terminal that knows no size says 0.
    columns: process.stderr.columns || process.stdout.columns || DEFAULT_COLUMNS,
    errorIsTty:
      process.stderr.isTTY === true &&
      process.stderr.columns > 0 &&
      process.env.CI === undefined &&
      process.env.TERM !== 'dumb',
    outIsTty: process.stdout.isTTY === true,
    stdin: process.stdin,
    get signal() {
      listen();
      return controller.signal;
    },
    received: () => received,
    async flush() {
      await Promise.all(
        [process.stdout, process.stderr].map((stream) =>
          gone.has(stream) ? undefined : new Promise((resolve) => stream.write('', resolve)),
        ),
      );
    },
    async writeOut(text) {
      for (const piece of typeof text === 'string' ? [text] : inPieces(text))
        await write(process.stdout, plainText(piece));
    },
    writeError: (text) => void write(process.stderr, plainText(text)),
    writeOutBytes: (bytes) => write(process.stdout, bytes),
    writeErrorBytes: (bytes) => write(process.stderr, bytes),
  };
}

const PIECE_LENGTH = 16 * 1024;

/** A line is too little for a system call. */
function* inPieces(texts: Iterable<string>): Generator<string> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
