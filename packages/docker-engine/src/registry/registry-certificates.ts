import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import tls from 'node:tls';

/** For a connection with TLS. @see node:tls, "tls.createSecureContext" */
export interface Certificates {
  /** Whom is trusted, all of them; undefined: whom Node.js trusts. */
  readonly ca?: readonly string[];
  readonly cert?: readonly string[];
  readonly key?: readonly string[];
}

/**
 * The certificates that were put down for a registry, and for those of the system.
 *
 * @param folders  each with a folder HOST[:PORT]; those that cannot be read are passed over, as docker does
 */
export async function readCertificates(registry: string, folders: readonly string[]): Promise<Certificates> {
  const files = (await Promise.all(folders.map((folder) => listFiles(join(folder, registry))))).flat();
  const read = (suffix: string) =>
    Promise.all(files.filter((file) => file.endsWith(suffix)).map((file) => readFile(file, 'utf8')));
  const [authorities, cert, key] = await Promise.all(['.crt', '.cert', '.key'].map(read));
  return {
    ca: [...trustedBySystem(), ...(authorities ?? [])],
    ...(cert?.length && key?.length && { cert, key }),
  };
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort().map((name) => join(folder, name));
}

/** Node.js has a list of its own; an authority of a company is mostly in the system's alone. */
function trustedBySystem(): readonly string[] {
  // Of Node 22.15 and later.
  if (tls.getCACertificates === undefined) return tls.rootCertificates;
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
