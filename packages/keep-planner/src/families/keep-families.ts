import type { RealPath } from '@keepset/symlink-resolver';
import type { Keeping } from '../plan/keeping.js';
import { keepCertificates } from './certificates.js';
import { keepNssModules } from './nss-modules.js';
import { keepTerminals } from './terminals.js';

/**
 * Keep the rest of what is looked up by name where one of it stays, and all of it is small: another input, another
 * server or another terminal asks for another name.
 *
 * @param listed  directories that runs listed
 */
export async function keepFamilies(listed: readonly RealPath[], keeping: Keeping): Promise<void> {
  await keepNssModules(keeping);
  await keepTerminals(keeping);
  await keepCertificates(listed, keeping);
}
