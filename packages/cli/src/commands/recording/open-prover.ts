import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, EngineAddress } from '@keepset/docker-engine';
import {
  openRecorder,
  openRerun,
  type Recorded,
  type RerunExec,
  type SessionOptions,
} from '@keepset/recorder';
import {
  compareFiles,
  PROOF_VERSION,
  type ProvedContainer,
  proveRecording,
  type RanContainer,
  type Recording,
  type RecordingProof,
  readComparedFiles,
} from '@keepset/shrinker';
import { ownerHere } from '../../inputs/session-folder.js';
import { toolboxOptions } from '../../inputs/toolbox-options.js';
import type { Console } from '../../terminal/console.js';
import { VERSION } from '../../version.js';
import type { CommandPurpose } from './run-command.js';

/** What is run again, and what it is held against. */
export interface ProverOptions {
  readonly engine: Engine;
  readonly address: EngineAddress;
  /** Of the recording. */
  readonly folder: string;
  readonly recording: Recording;
  readonly client: Client;
  /** Which containers it is about. Default: all. */
  readonly concerns?: SessionOptions['concerns'];
  /** How often COMMAND may be run once more on the sources, where a container differs. */
  readonly samplesMax: number;
  readonly toolbox: string;
  /** On this machine, for outputs. */
  readonly scratch: string;
}

/** What starts containers, and may ask them something. */
export type Client = (address: string, purpose: CommandPurpose) => Promise<ClientRun>;

/** How that ended. */
interface ClientRun {
  readonly exitStatus: number;
  /** What the first container was asked from outside, and answered: it counts among its execs. Default nothing. */
  readonly answers?: readonly RerunExec[];
}

/** By the id of a source: the image that takes its place. */
export type Substitutes = ReadonlyMap<string, string>;

/** Runs COMMAND on other images, and holds it against the recording. */
export interface Prover {
  prove(substitutes: Substitutes): Promise<RecordingProof>;
  /** Run it with a tracer in each container. @returns what these asked for, and how they did */
  trace(
    substitutes: Substitutes,
  ): Promise<{ readonly traced: Recorded; readonly containers: readonly ProvedContainer[] }>;
}

export function openProver(options: ProverOptions, console: Console): Prover {
  const { engine, address, folder, recording, client, concerns, samplesMax, scratch } = options;
  const { paths = [], files = [] } = recording.compared ?? {};
  const owner = ownerHere();
  const newFolder = () => mkdtemp(join(scratch, 'run-'));
  const samples: (readonly RanContainer[])[] = [];
  let runs = 0;
  /** What further runs print, nobody reads. */
  const nextPurpose = (): CommandPurpose => (++runs === 1 ? 'the run' : 'a further run');
  const compare = async (now: readonly RanContainer[]) =>
    await proveRecording({ folder, recording, now, samples, scratch: await newFolder() });
  const run = async (substitutes: Substitutes) => {
    const own = { address, folder: await newFolder(), owner, substitutes, ...(concerns && { concerns }) };
    await using rerun = await openRerun(engine, own);
    const { exitStatus, answers } = await client(rerun.address, nextPurpose());
    return { exitStatus, containers: withAnswers(await rerun.finish(), answers) };
  };
  return {
    async prove(substitutes) {
      const { exitStatus, containers: now } = await run(substitutes);
      const left = await readComparedFiles(console.workingDirectory, paths);
      let containers = await compare(now);
      while (samples.length < samplesMax && containers.some(({ verdict }) => verdict === 'differs')) {
        if (console.signal.aborted) break;
        const sample = await run(new Map());
        if (sample.exitStatus !== recording.exitStatus) {
          console.writeError(
            `keepset: a further run on the sources ended with ${sample.exitStatus}: it is no sample\n`,
          );
          break;
        }
        samples.push(sample.containers);
        containers = await compare(now);
      }
      const differences = compareFiles(files, left);
      return {
        proofVersion: PROOF_VERSION,
        tool: { name: 'keepset', version: VERSION },
        holds:
          exitStatus === recording.exitStatus &&
          differences.length === 0 &&
          containers.every(isFine) &&
          // Of nothing there is no proof.
          containers.some(({ isSmall, verdict }) => isSmall && verdict === 'same'),
        exitStatus: { recorded: recording.exitStatus, now: exitStatus },
        samples: samples.length + 1,
        containers,
        files: differences,
        comparedFiles: files.length,
      };
    },

    async trace(substitutes) {
      const toolbox = toolboxOptions(options.toolbox, console);
      const own = { address, folder: await newFolder(), owner, substitutes, toolbox };
      await using recorder = await openRecorder(engine, { ...own, ...(concerns && { concerns }) });
      const { answers } = await client(recorder.address, nextPurpose());
      const traced = await recorder.finish();
      const ran: readonly RanContainer[] = traced.containers.map(
        ({ isRunning, exitStatus, ...container }) => ({
          ...container,
          exitStatus: isRunning ? undefined : exitStatus,
        }),
      );
      return { traced, containers: await compare(withAnswers(ran, answers)) };
    },
  };
}

/** The first container is the one that was asked: its answers count among its execs. */
export function withAnswers<Container extends { readonly execs: readonly unknown[] }>(
  containers: readonly Container[],
  answers: Container['execs'] = [],
): readonly Container[] {
  return containers.map((each, at) => (at === 0 ? { ...each, execs: [...each.execs, ...answers] } : each));
}

function isFine({ verdict }: ProvedContainer): boolean {
  return verdict === 'same' || verdict === 'not recorded';
}
