import { PackageURL } from 'packageurl-js';
import type { InstalledPackage } from '../installed-package.js';
import type { OperatingSystem } from '../os-release.js';
import { judgePackage, type OsvRecord, toOsvRecord } from './osv.js';

/** That a vulnerability is in packages, as somebody else says. */
export interface Finding {
  readonly vulnerability: string;
  readonly aliases: readonly string[];
  /** Under which names `indexPackages` has the packages that may be meant. */
  readonly keys: readonly string[];
  /** Whether a package is surely the one, or one of those, that is meant. */
  isMeant(each: InstalledPackage, system: OperatingSystem): boolean;
  /** The PURL under which who found it will look for the package. */
  purlOf(each: InstalledPackage): string;
}

/** What a scanner found. */
export interface Findings {
  readonly findings: readonly Finding[];
  /** Entries of which it cannot be told what package they mean, or that were withdrawn. */
  readonly passedOver: number;
}

/**
 * The findings of grype (`-o json`), of trivy (`--format json`), or records of the OSV format (one, or a list).
 *
 * @param value  parsed JSON
 * @returns      undefined for anything else
 * @see the JSON of grype's presenter; trivy's "Results"; the Open Source Vulnerability format, version 1
 */
export function toFindings(value: unknown): Findings | undefined {
  const { matches, Results: results, SchemaVersion: schema } = Object(value) as Record<string, unknown>;
  if (Array.isArray(matches)) return gather(matches.map(fromGrype));
  // A scan that found nothing has no Results.
  if (Array.isArray(results) || typeof schema === 'number') return gather(listOf(results).flatMap(fromTrivy));
  const records = (Array.isArray(value) ? value : [value]).map(toOsvRecord);
  if (records.length === 0 || records.includes(undefined)) return undefined;
  return gather(records.map((record) => (record === undefined ? undefined : fromRecord(record))));
}

function gather(found: readonly (Finding | undefined)[]): Findings {
  const findings = found.filter((each) => each !== undefined);
  return { findings, passedOver: found.length - findings.length };
}

function fromGrype(match: unknown): Finding | undefined {
  const { vulnerability, relatedVulnerabilities, artifact } = fields(match);
  const aliases = listOf(relatedVulnerabilities).map((each) => fields(each).id);
  return ofPurl(fields(vulnerability).id, aliases, fields(artifact).purl);
}

function fromTrivy(result: unknown): (Finding | undefined)[] {
  return listOf(fields(result).Vulnerabilities).map((each) => {
    const { VulnerabilityID: id, VendorIDs: aliases, PkgIdentifier: identifier } = fields(each);
    return ofPurl(id, listOf(aliases), fields(identifier).PURL);
  });
}

function fromRecord(record: OsvRecord): Finding | undefined {
  if (record.withdrawn) return undefined;
  return {
    vulnerability: record.id,
    aliases: record.aliases ?? [],
    keys: (record.affected ?? []).flatMap((affected) => nameKey(affected.package?.name ?? '')),
    isMeant: (each, system) => judgePackage(each, record, system) === 'affected',
    purlOf: ({ purl }) => purl,
  };
}

function ofPurl(id: unknown, aliases: readonly unknown[], purl: unknown): Finding | undefined {
  if (typeof id !== 'string' || id === '' || typeof purl !== 'string') return undefined;
  const wanted = toIdentity(purl);
  if (wanted === undefined) return undefined;
  return {
    vulnerability: id,
    aliases: aliases.filter((each) => typeof each === 'string' && each !== id) as string[],
    keys: [wanted.text],
    isMeant: (each) => isSame(wanted, identityOf(each)),
    purlOf: () => purl,
  };
}

interface Identity {
  readonly text: string;
  readonly qualifiers: Readonly<Record<string, string>>;
}

/** Packages by the names under which somebody may speak of them. */
export interface PackageIndex {
  /** Those that a finding means. */
  meantBy(finding: Finding, system: OperatingSystem): readonly InstalledPackage[];
}

/** So that thousands of findings do not each ask thousands of packages. */
export function indexPackages(packages: readonly InstalledPackage[]): PackageIndex {
  const index = new Map<string, InstalledPackage[]>();
  for (const each of packages) {
    const identity = identityOf(each);
    const names = [each.name, ...(each.sourcePackage === undefined ? [] : [each.sourcePackage.name])];
    for (const key of new Set([...names.map(nameKey), ...(identity === undefined ? [] : [identity.text])])) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [each]);
      else known.push(each);
    }
  }
  return {
    meantBy(finding, system) {
      const candidates = new Set(finding.keys.flatMap((key) => index.get(key) ?? []));
      return [...candidates].filter((each) => finding.isMeant(each, system));
    },
  };
}

/** Wide enough for each ecosystem's own rules, which decide. */
function nameKey(name: string): string {
  return `name ${name.toLowerCase().replace(/[-_.]+/g, '-')}`;
}

/** Of each package that was asked about: there are many findings, and each asks about all packages. */
const identities = new WeakMap<InstalledPackage, { readonly identity: Identity | undefined }>();

function identityOf(each: InstalledPackage): Identity | undefined {
  const known = identities.get(each) ?? { identity: toIdentity(each.purl) };
  identities.set(each, known);
  return known.identity;
}

/** Qualifiers that make two packages of one name different ones. */
const TELLING = ['arch', 'epoch', 'platform', 'classifier'];

function isSame(one: Identity, other: Identity | undefined): boolean {
  if (one.text !== other?.text) return false;
  return TELLING.every((name) => {
    const [ours, theirs] = [one.qualifiers[name], other.qualifiers[name]];
    return ours === undefined || theirs === undefined || ours === theirs;
  });
}

/** @returns undefined for what is no PURL, or has no version: then any could be meant */
function toIdentity(purl: string): Identity | undefined {
  try {
    const { type, namespace, name, version, qualifiers } = PackageURL.fromString(purl);
    if (!version) return undefined;
    const full = `${namespace ?? ''}/${name}`;
    // Tools do not agree on how these types are to be written.
    const plain =
      type === 'pypi'
        ? full.toLowerCase().replace(/[-_.]+/g, '-')
        : type === 'golang'
          ? full.toLowerCase()
          : full;
    // In some PURLs the epoch is a part of the version, in some a qualifier.
    const [, epoch, rest = version] =
      type === 'deb' || type === 'rpm' ? (/^(\d+):(.*)$/.exec(version) ?? []) : [];
    return {
      text: `${type}/${plain}@${rest}`,
      qualifiers: { ...qualifiers, ...(epoch !== undefined && { epoch }) },
    };
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
