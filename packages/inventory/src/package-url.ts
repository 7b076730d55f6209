import { PackageURL } from 'packageurl-js';
import type { OperatingSystem } from './os-release.js';

export interface PackageUrlParts {
  /** deb, apk, rpm, pypi, cran, … */
  readonly type: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version: string;
  /** What is undefined or empty is left out. */
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
}

/** @see the Package URL specification (ECMA-427), with the rules of its types */
export function packageUrl({ type, namespace, name, version, qualifiers = {} }: PackageUrlParts): string {
  const given = Object.entries(qualifiers).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const known = given.length === 0 ? undefined : Object.fromEntries(given);
  try {
    const text = new PackageURL(type, namespace, name, version || undefined, known, undefined).toString();
    // What it writes of blanks it does not read.
    PackageURL.fromString(text);
    return text;
  } catch {
    // A name that the rules of its type refuse, as anybody may have given a package.
    const part = (text: string) => encodeURIComponent(Buffer.from(text).toString());
    return `pkg:generic/${part(name.trim()) || 'unnamed'}${version === '' ? '' : `@${part(version)}`}`;
  }
}

/** The same for a package of the distribution: without `distro=`, scanners pass such a package over. */
export function systemPackageUrl(
  parts: PackageUrlParts & { readonly type: 'deb' | 'apk' | 'rpm' },
  { id, versionId }: OperatingSystem,
  fallback: string,
): string {
  return packageUrl({
    ...parts,
    namespace: id ?? fallback,
    qualifiers: { ...parts.qualifiers, distro: id && (versionId ? `${id}-${versionId}` : id) },
  });
}
