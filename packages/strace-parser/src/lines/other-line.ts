import { parseArguments } from '../arguments/parse-arguments.js';
import type {
  BlankEvent,
  DumpEvent,
  EndEvent,
  EventBase,
  MessageEvent,
  PersonalityEvent,
  SignalEvent,
  StackEvent,
  StoppedEvent,
  SupersededEvent,
  TableEvent,
} from '../events/events.js';
import type { OtherLine } from './log-reader.js';
import { parsePlusLine } from './process-end.js';

type Details<Event extends EventBase> = Omit<Event, keyof EventBase>;

/** What is particular to an event that is not a call. */
export type OtherEvent =
  | Details<SignalEvent>
  | Details<EndEvent>
  | Details<SupersededEvent>
  | Details<StoppedEvent>
  | Details<PersonalityEvent>
  | Details<MessageEvent>
  | Details<StackEvent>
  | Details<DumpEvent>
  | Details<TableEvent>
  | Details<BlankEvent>;

/** A line that is not a call, as a value; undefined if it only looks like one of strace's. */
export function parseOtherLine(kind: OtherLine, text: string): OtherEvent | undefined {
  switch (kind) {
    case 'exited':
    case 'killed':
    case 'superseded': {
      const end = parsePlusLine(text);
      if (end === undefined) return undefined;
      return typeof end === 'number' ? { kind: 'superseded', thread: end } : { kind: 'end', end };
    }
    case 'signal':
      return parseSignal(text);
    case 'stopped': {
      const signal = /^--- stopped by (\S+) ---$/.exec(text)?.[1];
      return signal === undefined ? undefined : { kind: 'stopped', signal };
    }
    case 'personality': {
      const [, pid, mode] = /^\[ Process PID=(\d+)(?:<.*>)? runs in (.+) mode\. \]$/.exec(text) ?? [];
      return mode === undefined ? undefined : { kind: 'personality', process: Number(pid), mode };
    }
    case 'message':
      return parseMessage(text);
    case 'stack':
    case 'dump':
    case 'table':
    case 'blank':
      return { kind };
  }
}

function parseSignal(text: string): Details<SignalEvent> | undefined {
  const end = text.length - 4;
  if (!text.endsWith(' ---') || end <= 4) return undefined;
  const inner = text.slice(4, end);
  // In between the oldest and today's: the siginfo first, and the signal only in it.
  const signal = /^[A-Z][A-Z0-9_+]*/.exec(inner)?.[0] ?? /\bsi_signo=(\w+)/.exec(inner)?.[1];
  if (signal === undefined) return undefined;
  const infoText = inner.startsWith(signal) ? inner.slice(signal.length + 1) : inner;
  return {
    kind: 'signal',
    signal,
    infoText,
    get info() {
      return parseArguments(infoText);
    },
  };
}

function parseMessage(text: string): Details<MessageEvent> {
  const [, process, message] = /\bProcess (\d+)(?:<.*>)? (attached|detached)/.exec(text.slice(0, 400)) ?? [];
  if (process === undefined) return { kind: 'message', message: 'other' };
  return { kind: 'message', message: message as 'attached' | 'detached', process: Number(process) };
}
