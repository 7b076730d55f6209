import { imagePurl } from '@keepset/inventory';
import type { StoredManifest } from '../record/read-manifest.js';
import { inTotoStatement } from './in-toto-statement.js';

const PROVENANCE = 'https://slsa.dev/provenance/v1';

/**
 * How a result was made, as an in-toto statement: from which source, by which commands, by which keepset. It is not signed,
 * and holds no time and no values of variables: the same manifest, the same text.
 *
 * @param toolVersion  of keepset
 * @returns            JSON
 * @see SLSA, "Provenance" v1
 */
export function toProvenance(
  { source, result, runs, platform }: StoredManifest,
  toolVersion: string,
): string {
  const tool = `pkg:npm/keepset@${encodeURIComponent(toolVersion)}`;
  return inTotoStatement(result, {
    predicateType: PROVENANCE,
    predicate: {
      buildDefinition: {
        buildType: `${tool}#shrink`,
        externalParameters: {
          source: source.reference ?? source.id,
          runs: runs.map(({ name, command, options, variables, asked }) => ({
            name,
            command,
            ...(options !== undefined && { options }),
            ...(variables !== undefined && { variables }),
            ...(asked !== undefined && { asked }),
          })),
          ...(platform !== undefined && { platform }),
        },
        resolvedDependencies: [
          {
            uri: imagePurl(source.reference ?? source.id, source.id),
            digest: { sha256: source.id.replace(/^sha256:/, '') },
          },
        ],
      },
      runDetails: { builder: { id: tool } },
    },
  });
}
