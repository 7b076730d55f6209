import { median } from '../median.ts';
import type { Examination, ExaminedMutant } from './examine-program.ts';

/** What all examinations came to. */
export interface Totals {
  readonly mutants: number;
  readonly detected: number;
  readonly rounds: number;
  readonly alarms: number;
  readonly programs: number;
  readonly verified: number;
  /** Of the proof to the program alone; median. */
  readonly ratio: number;
}

const isDetected = ({ verdict }: ExaminedMutant) => verdict.kind === 'refused';

export function sumUp(all: readonly Examination[]): Totals {
  const sum = (of: (each: Examination) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    mutants: sum(({ mutants }) => mutants.length),
    detected: sum(({ mutants }) => mutants.filter(isDetected).length),
    rounds: sum(({ rounds, verdict }) => rounds + (verdict.kind === 'refused' ? 1 : 0)),
    alarms: sum(({ alarms, verdict }) => alarms.length + (verdict.kind === 'refused' ? 1 : 0)),
    programs: all.length,
    verified: all.filter(({ verdict }) => verdict.kind === 'verified').length,
    ratio: median(all.flatMap((each) => proofSeconds(each) / each.plainSeconds || [])),
  };
}

function proofSeconds({ verdict }: Examination): number {
  if (verdict.kind === 'refused') return Number.NaN;
  const { stages } = verdict.result;
  return stages.reduce((total, { stage, seconds }) => total + (stage === 'verify' ? seconds : 0), 0);
}

/** One program in a line, and what went wrong with it below. */
export function describeExamination(examination: Examination): readonly string[] {
  const { program, verdict, mutants, alarms, rounds, plainSeconds } = examination;
  const detected = mutants.filter(isDetected).length;
  const samples = verdict.kind === 'refused' ? '' : `${verdict.result.verification.runs.source} samples`;
  const times = `${plainSeconds.toFixed(2)} s, proof ${proofSeconds(examination).toFixed(1)} s`;
  return [
    [
      program.kind.padEnd(31),
      program.name.padEnd(22),
      verdict.kind.padEnd(16),
      `${detected} of ${mutants.length} mutants`.padEnd(16),
      `${alarms.length} alarms in ${rounds}`.padEnd(17),
      `${times}, ${samples}`,
    ].join(' '),
    ...mutants
      .filter((mutant) => !isDetected(mutant))
      .map(({ path, way, verdict: { kind } }) => `  missed: ${path} ${way}, and ${kind}`),
    ...[...alarms, ...(verdict.kind === 'refused' ? [verdict.message] : [])].map(
      (message) => `  alarm: ${message}`,
    ),
    ...(verdict.kind === 'verified in part'
      ? verdict.result.verification.notCompared.map(
          ({ where, reason }) => `  not compared: ${JSON.stringify(where)}, ${reason}`,
        )
      : []),
  ];
}

export function describeTotals(totals: Totals): readonly string[] {
  const { mutants, detected, rounds, alarms, programs, verified, ratio } = totals;
  return [
    `mutants detected      ${detected} of ${mutants}`,
    `false alarms          ${alarms} in ${rounds} rounds`,
    `verified as a whole   ${verified} of ${programs} programs`,
    `proof / plain run     ${ratio.toFixed(1)} (median)`,
  ];
}
