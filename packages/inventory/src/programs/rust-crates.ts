import { inflateSync } from 'node:zlib';
import type { InstalledPackage } from '../installed-package.js';
import { packageUrl } from '../package-url.js';
import { parseJson } from '../parse-json.js';

export const RUST_SECTION = '.dep-v0';

/** As cargo-auditable's own reader has it by default: far more than the largest program needs. */
const JSON_BYTES_MAX = 8 * 1024 * 1024;

interface Crate {
  readonly name: string;
  readonly version: string;
  /** crates.io, git, local, registry, … */
  readonly source?: string;
  /** `build` for what only ran while it was built. */
  readonly kind?: string;
}

/**
 * The crates that a Rust program was linked from.
 *
 * @param section  the content of `.dep-v0`: JSON, compressed by zlib
 * @throws what is no such thing
 * @see cargo-auditable, "PARSING.md" and its JSON schema
 */
export function* readRustCrates(path: string, section: Uint8Array): Iterable<InstalledPackage> {
  const { packages } =
    parseJson<{ packages?: unknown }>(inflateSync(section, { maxOutputLength: JSON_BYTES_MAX })) ?? {};
  if (!Array.isArray(packages) || !packages.every(isCrate))
    throw new Error('no list of crates as cargo-auditable writes it');
  for (const { name, version, source, kind } of packages) {
    if (kind === 'build') continue;
    yield {
      ecosystem: 'rust',
      name,
      version,
      ...(source && { origin: source }),
      licenses: [],
      purl: packageUrl({ type: 'cargo', name, version }),
      database: path,
    };
  }
}

function isCrate(value: unknown): value is Crate {
  const { name, version, source = '', kind = '' } = Object(value) as Record<string, unknown>;
  return [name, version, source, kind].every((field) => typeof field === 'string') && name !== '';
}
