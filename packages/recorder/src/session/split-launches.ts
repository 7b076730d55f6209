import { TOOLBOX_FOLDER } from '@keepset/toolbox';

/** The trace of one start of a program. */
export interface Launch {
  /** Of the program, as the trace shows it; 137 where the trace ends before the program. */
  readonly exitStatus: number;
  /** Whether the program itself was executed: what the launcher could not execute has used nothing. */
  readonly isLaunched: boolean;
}

/** Where the lines of a launch go. */
export interface LaunchSink {
  /** A launch begins; what was before has ended. */
  begin(): Promise<void>;
  write(text: string): Promise<void>;
  end(launch: Launch): Promise<void>;
}

/** The first thing that a launch does, after which strace traces it. No image knows the name. */
const BEGIN = new RegExp(
  `^(\\d+) +execve\\("${literal(TOOLBOX_FOLDER)}/loader", \\["[^"]+", "--library-path", "[^"]+", "${literal(TOOLBOX_FOLDER)}/bin/setpriv"`,
);
const KILLED = 137;
/** Lines are written together up to this many characters. */
const BATCH_CHARACTERS = 64 * 1024;

/**
 * Take apart what several straces wrote to one file, one after the other: a container that was started again, a
 * HEALTHCHECK.
 *
 * @param lines  of the file, without their ends; in latin1, so that every byte comes out as it went in
 */
export async function splitLaunches(lines: AsyncIterable<string>, sink: LaunchSink): Promise<void> {
  let current: ReturnType<typeof readLaunch> | undefined;
  let batch: string[] = [];
  let characters = 0;
  const flush = async () => {
    if (batch.length > 0) await sink.write(batch.join(''));
    batch = [];
    characters = 0;
  };
  const end = async () => {
    if (current === undefined) return;
    await flush();
    await sink.end(current.launch());
  };
  for await (const line of lines) {
    const [, pid] = BEGIN.exec(line) ?? [];
    if (pid !== undefined) {
      await end();
      current = readLaunch(pid);
      await sink.begin();
    }
    if (current === undefined) continue;
    current.read(line);
    batch.push(line, '\n');
    characters += line.length;
    if (characters > BATCH_CHARACTERS) await flush();
  }
  await end();
}

/** Follows the first process of a launch. */
function readLaunch(pid: string) {
  const own = new RegExp(`^${pid} +(.*)$`, 's');
  let exitStatus = KILLED;
  let isLaunched = false;
  return {
    read(line: string): void {
      if (!line.startsWith(pid)) return;
      const [, text = ''] = own.exec(line) ?? [];
      const [, status, signal] = /^\+\+\+ (?:exited with (\d+)|killed by (\w+).*) \+\+\+$/.exec(text) ?? [];
      if (status !== undefined) exitStatus = Number(status);
      else if (signal !== undefined) exitStatus = KILLED;
      // With process 1 the kernel ends strace, before it writes more.
      else if (text.startsWith('exit')) exitStatus = askedStatus(text) ?? exitStatus;
      else if (!isLaunched) isLaunched = isExecuted(text);
    },
    launch: (): Launch => ({ exitStatus, isLaunched }),
  };
}

/** @see exit_group(2) */
function askedStatus(text: string): number | undefined {
  const [, status] = /^exit(?:_group)?\((-?\d+)/.exec(text) ?? [];
  return status === undefined ? undefined : Number(status) & 0xff;
}

/** A program that is not the launcher's. */
function isExecuted(text: string): boolean {
  return (
    /^execve(?:at)?\(/.test(text) && / = 0$/.test(text) && !text.startsWith(`execve("${TOOLBOX_FOLDER}/`)
  );
}

function literal(text: string): string {
  return text.replace(/[.-]/g, '\\$&');
}
