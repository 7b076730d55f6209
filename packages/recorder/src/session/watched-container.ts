import type { Asked } from '../api/as-asked.js';
import type { AskedExec } from '../api/traced-exec.js';
import type { OutputSpool } from './spool-output.js';

/** A container that a client created while it was watched. */
export interface WatchedContainer {
  /** In the order of their creation, from 1. */
  readonly number: number;
  readonly id: string;
  /** As the client named it; empty: it did not. */
  readonly name: string;
  readonly image: WatchedImage;
  /** Which client, as it calls itself. */
  readonly client: string;
  readonly asked: Asked;
  readonly output: OutputSpool;
  /** Further programs, by the engine's id of each. */
  readonly execs: Map<string, WatchedExec>;
  /** What events say of a program that is traced → what they would say of the one that was asked for. */
  readonly tracedTexts: Map<string, string>;
  /** Each start's output, until it has ended. */
  readonly reading: Promise<void>[];
  /** What each client that started a further program was sent of it, until that has ended. */
  readonly execReading: Promise<void>[];
  /** How often its output was asked for by us: the engine has an event for each. */
  attaches: number;
  starts: number;
  isRunning: boolean;
  isRemoved: boolean;
  /** Of the last time that it ended. */
  exitStatus: number | undefined;
  startedSeconds: number;
  /** Of all its starts together. */
  seconds: number;
}

/** The image of a container. */
export interface WatchedImage {
  /** As the client wrote it. */
  readonly reference: string;
  readonly id: string;
  readonly architecture: string;
}

/** A program that a client started in a container. */
interface WatchedExec {
  readonly asked: AskedExec;
  /** As the client that started it was sent it: nothing of one that is detached. */
  readonly output: OutputSpool;
  exitStatus: number | undefined;
}
