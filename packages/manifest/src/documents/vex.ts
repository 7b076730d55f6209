import {
  type AbsentPackages,
  type Finding,
  type Findings,
  indexPackages,
  toOpenVex,
} from '@keepset/inventory';
import { removedPackages } from '../affected/affected.js';
import { ManifestError } from '../manifest-error.js';
import type { StoredManifest } from '../record/read-manifest.js';
import { purlsOf } from '../record/result-name.js';
import { inventoryOf } from '../usage/manifest-usage.js';
import { inTotoStatement } from './in-toto-statement.js';

/** Of whom, and of what, a VEX document speaks. */
export interface VexOptions {
  /** PURLs under which the result is known; by default what the manifest has of it. */
  readonly products?: readonly string[];
  readonly author: string;
  /** Of keepset. */
  readonly toolVersion: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A VEX document, and how much it says. */
export interface VexResult {
  /** OpenVEX in JSON. */
  readonly document: string;
  /** Vulnerabilities of which something is said. */
  readonly stated: number;
}

/**
 * What a manifest says of others' findings: that a package is not in the result, when the source has files of it and
 * the result has none, no database was left unread, and no kept file that is nobody's bears its name. A package that is
 * kept and was not opened gets no statement.
 *
 * @throws ManifestError MANIFEST_INVALID  it was written without owners
 * @throws ManifestError NOTHING_TO_SAY  of no finding
 */
export function writeVex(
  manifest: StoredManifest,
  { findings, passedOver }: Findings,
  { products = purlsOf(manifest.result), author, toolVersion, createdAt }: VexOptions,
): VexResult {
  const { packages, system } = inventoryOf(manifest);
  const absent = new Map<string, { aliases: Set<string>; purls: Set<string> }>();
  const removed = removedPackages(manifest);
  const index = indexPackages(packages);
  for (const finding of findings) {
    for (const each of index.meantBy(finding, system)) {
      if (!removed.has(each.purl)) continue;
      const statement = absent.get(finding.vulnerability) ?? { aliases: new Set(), purls: new Set() };
      absent.set(finding.vulnerability, statement);
      statement.purls.add(finding.purlOf(each));
      for (const alias of aliasesOf(finding)) statement.aliases.add(alias);
    }
  }
  if (absent.size === 0) {
    const unread = passedOver === 0 ? '' : ` (${passedOver} more name no package, or were withdrawn)`;
    throw new ManifestError(
      'NOTHING_TO_SAY',
      `nothing can be said of the ${findings.length} findings${unread}`,
      {
        hint: 'A statement is made of packages that the source has, and of which the result has no file.',
      },
    );
  }
  const rows = [...absent].map(
    ([vulnerability, { aliases, purls }]): AbsentPackages => ({
      vulnerability,
      aliases: [...aliases].sort(),
      purls: [...purls].sort(),
    }),
  );
  rows.sort((one, other) => (one.vulnerability < other.vulnerability ? -1 : 1));
  return {
    document: toOpenVex({ products, author, toolVersion, createdAt, absent: rows }),
    stated: rows.length,
  };
}

function aliasesOf({ vulnerability, aliases }: Finding): readonly string[] {
  return aliases.filter((alias) => alias !== vulnerability);
}

/**
 * A VEX document as an in-toto statement about a result.
 *
 * @param document  as `writeVex` gives it
 * @returns         JSON
 * @see OpenVEX, "Attesting"
 */
export function toVexStatement({ result }: Pick<StoredManifest, 'result'>, document: string): string {
  const predicate = JSON.parse(document) as { readonly '@context'?: string };
  const predicateType = predicate['@context'] ?? 'https://openvex.dev/ns';
  return inTotoStatement(result, { predicateType, predicate });
}
