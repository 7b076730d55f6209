import type { KeepPlan } from '@keepset/keep-planner';
import { healthCheckOf, readinessOf } from '@keepset/tracer';
import type { SourceRun } from '../run/source-run.js';
import { ShrinkError } from '../shrink-error.js';
import { inventoryImage } from '../source/inventory-image.js';
import type { ReadSource } from '../source/open-source.js';
import { toPlannerSource } from '../source/planner-source.js';
import { findOverShrink } from './signs/find-over-shrink.js';
import type { OverShrinkSign } from './signs/over-shrink-sign.js';
import { isShellScript, ownScriptFiles, SCRIPT_BYTES_MAX } from './signs/own-scripts.js';
import type { ScriptText, ShrinkFacts, ShrunkRun } from './signs/shrink-facts.js';

/** Look for signs that the runs were too little. */
export async function findSigns(
  source: Pick<ReadSource, 'image' | 'tree' | 'heads'>,
  runs: readonly SourceRun[],
  plan: KeepPlan,
): Promise<readonly OverShrinkSign[]> {
  if (runs.length === 0) return [];
  const { config } = source.image;
  const tree = await source.tree();
  const isOwned = await findOwned(source, plan);
  const facts = { config, tree, plan, isOwned };
  const scripts = await readScripts(source, facts);
  return await findOverShrink({ ...facts, scripts, runs: runs.map((run) => toShrunkRun(run, source)) });
}

/** Of a keep list that was made before, nobody knows what was used: its files are nobody's concern. */
async function findOwned(
  { tree, heads }: Pick<ReadSource, 'tree' | 'heads'>,
  { executed }: KeepPlan,
): Promise<ShrinkFacts['isOwned']> {
  if (executed.length === 0) return () => true;
  const { owners } = await inventoryImage(await tree(), await heads(), { withContents: false });
  return (path) => (owners.get(path) ?? []).length > 0;
}

async function readScripts(
  source: Pick<ReadSource, 'tree' | 'heads'>,
  facts: Parameters<typeof ownScriptFiles>[0],
): Promise<readonly ScriptText[]> {
  const paths = ownScriptFiles(facts);
  if (paths.length === 0) return [];
  const { readHeads } = await toPlannerSource(source);
  const contents = await readHeads(paths, SCRIPT_BYTES_MAX);
  return paths.flatMap((path, index) => {
    const text = Buffer.from(contents[index] ?? []).toString('latin1');
    return isShellScript(path, text) ? [{ path, text }] : [];
  });
}

function toShrunkRun(
  { run: { service, options = {} }, ended: { exitStatus, seconds }, trace }: SourceRun,
  { image: { config } }: Pick<ReadSource, 'image'>,
): ShrunkRun {
  const timeZone = [...(config.Env ?? []), ...(options.env ?? [])].findLast((each) => each.startsWith('TZ='));
  return {
    exitStatus,
    seconds,
    ...trace,
    ...(timeZone !== undefined && { timeZone: timeZone.slice('TZ='.length) }),
    ...(service && {
      service: {
        awaited: readinessOf(
          service,
          config,
          service.healthCheck === false ? undefined : healthCheckOf(config),
        ),
        steps: service.steps.length,
      },
    }),
  };
}

/**
 * Refuse where there is such a sign.
 *
 * @throws ShrinkError OVER_SHRUNK
 */
export function requireEnough([first, ...others]: readonly OverShrinkSign[]): void {
  if (first === undefined) return;
  throw new ShrinkError(
    'OVER_SHRUNK',
    `no image was made, since the run may be too little: ${first.message}`,
    {
      details: others.map(({ message, cure }) => `also: ${message}; ${cure}`),
      hint: `${first.cure[0]?.toUpperCase()}${first.cure.slice(1)}.`,
    },
  );
}
