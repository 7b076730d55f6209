import { imagePurl } from '@keepset/inventory';
import { printPath } from '@keepset/strace-parser';
import { printVerification } from '../record/escaped-paths.js';
import type { StoredManifest } from '../record/read-manifest.js';
import { usesOf } from '../usage/manifest-usage.js';
import { inTotoStatement } from './in-toto-statement.js';

const RUNTIME_TRACE = 'https://in-toto.io/attestation/runtime-trace/v0.1';

/**
 * A manifest as an in-toto statement about the result: which processes the runs had, and which files of the source they
 * executed, loaded or read, with their digests, and what of the result was compared. It is not signed, and holds no time: the same manifest, the same text.
 *
 * @param toolVersion  of keepset
 * @returns            JSON
 * @see in-toto attestation framework, "Statement" v1, "Runtime Trace" v0.1, "ResourceDescriptor" v1
 */
export function toStatement(manifest: StoredManifest, toolVersion: string): string {
  const { source, result, runs, verification } = manifest;
  const tool = `pkg:npm/keepset@${encodeURIComponent(toolVersion)}`;
  return inTotoStatement(result, {
    predicateType: RUNTIME_TRACE,
    predicate: {
      monitor: { type: tool },
      monitoredProcess: {
        hostID: imagePurl(source.reference ?? source.id, source.id),
        type: `${tool}#shrink`,
        event: runs.map(({ name, command }) => `${name}: ${JSON.stringify(command)}`).join('\n'),
      },
      monitorLog: {
        process: runs.flatMap(({ name, processes = [] }) =>
          processes.map((each) => ({ run: name, ...each })),
        ),
        fileAccess: [...filesUsed(manifest)],
      },
      // A field of our own: whoever reads a predicate passes over what it does not know.
      ...(verification !== undefined && { verification: printVerification(verification) }),
    },
  });
}

/** Files, sorted by their bytes; a file without a digest is told by its place in the image. */
function* filesUsed(manifest: StoredManifest): Iterable<object> {
  const used = [...manifest.entries].filter(([, { type, isKept }]) => type === 'file' && isKept);
  used.sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [path, { sha256 }] of used) {
    const uses = usesOf(path, manifest).filter(({ kind }) => kind !== 'seen');
    if (uses.length === 0) continue;
    yield {
      name: printPath(path),
      ...(sha256 === undefined ? { uri: toUri(path) } : { digest: { sha256 } }),
      annotations: {
        runs: [...new Set(uses.flatMap(({ run }) => run ?? []))].sort(),
        uses: [...new Set(uses.map(({ kind }) => kind))].sort(),
      },
    };
  }
}

/** @see RFC 8089; a path is bytes, and an URI has them percent-encoded */
function toUri(path: string): string {
  return `file://${path.replace(/[^A-Za-z0-9/._~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)}`;
}
