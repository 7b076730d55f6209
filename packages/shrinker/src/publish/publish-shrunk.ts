import {
  AsyncDisposableStack,
  type Engine,
  type ImageDetails,
  parseTagReference,
} from '@keepset/docker-engine';
import type { Attach } from '@keepset/image-builder';
import type { Inventory } from '@keepset/inventory';
import { type KeptPath, orderOfUse } from '@keepset/keep-planner';
import type { Progress } from '../progress.js';
import type { ReadSource } from '../source/open-source.js';
import { attachBill } from './attach-bill.js';
import { buildRemainder } from './build-remainder.js';
import type { BuiltResult } from './build-result.js';
import { type Publication, type Published, publishResult } from './publish-result.js';
import { warnOfGrowth } from './warn-of-growth.js';

/** What becomes of a result, and of the rest of its source. */
export interface ShrunkPublication extends Publication {
  /** Attach the bill of materials (CycloneDX) where the result goes as an OCI image or to a registry. Default false. */
  readonly sbom?: boolean;
  /** NAME[:TAG] of an image that has the rest of the source in a layer above those of the result. */
  readonly remainder?: string;
}

/** A result that has its names. */
export interface PublishedShrunk extends Published {
  /** As the engine had it before: the name may have another configuration. */
  readonly details: ImageDetails | undefined;
  /** Its publication, with what is attached to it. */
  readonly publication: Publication;
}

/**
 * Give a verified result its names, take it to where it is wanted, and make the image of the rest.
 *
 * @throws BuildError, EngineError  no name has moved, and nothing but the result is left
 */
export async function publishShrunk(
  engine: Engine | undefined,
  source: ReadSource,
  result: BuiltResult,
  options: ShrunkPublication,
  parts: {
    readonly inventory: Promise<Inventory> | undefined;
    readonly folder: string;
    readonly progress: Progress;
  },
): Promise<PublishedShrunk> {
  const { progress } = parts;
  const details = await engine?.inspectImage(result.image.id);
  warnOfGrowth(progress, source.image.sizeBytes, details?.sizeBytes);
  const inventory = options.sbom ? await parts.inventory : undefined;
  const bill = inventory && attachBill(result.plan, { tree: await source.tree(), inventory }, options);
  const publication = bill ? { ...options, attach: attachBoth(bill, options.attach) } : options;
  await using undo = new AsyncDisposableStack();
  const remainder =
    options.remainder === undefined || engine === undefined
      ? undefined
      : {
          name: parseTagReference(options.remainder),
          ...(await buildRemainder(engine, source, result, options, parts)),
        };
  if (remainder?.existed === false) undo.defer(async () => engine?.removeImage(remainder.id));
  const published = await publishResult(engine, result.image, publication, {
    source: source.image,
    maker: 'shrink',
    used: orderOfUse(result.plan.kept.keys(), result.plan.kept as ReadonlyMap<string, KeptPath>),
    progress,
  });
  if (remainder !== undefined) await engine?.tagImage(remainder.id, remainder.name);
  undo.move();
  return { ...published, details, publication };
}

function attachBoth(one: Attach, other: Attach = async () => []): Attach {
  return async (digest) => [...(await one(digest)), ...(await other(digest))];
}
