import type { Ecosystem, InstalledPackage } from '../installed-package.js';
import type { OperatingSystem } from '../os-release.js';
import { compareVersions } from './compare-versions.js';

/** What is read of a record. @see the Open Source Vulnerability format, version 1 */
export interface OsvRecord {
  readonly id: string;
  readonly aliases?: readonly string[];
  /** Of what it tells for one distribution, say: DEBIAN-CVE-2024-1 of CVE-2024-1. */
  readonly upstream?: readonly string[];
  /** When it was taken back, if it was. */
  readonly withdrawn?: string;
  readonly summary?: string;
  readonly affected?: readonly OsvAffected[];
}

interface OsvAffected {
  readonly package?: { readonly ecosystem: string; readonly name: string };
  readonly ranges?: readonly { readonly type: string; readonly events: readonly OsvEvent[] }[];
  readonly versions?: readonly string[];
}

/** One of them each. */
export interface OsvEvent {
  readonly introduced?: string;
  readonly fixed?: string;
  readonly last_affected?: string;
}

/**
 * A record of a file.
 *
 * @returns  undefined for what is no such record
 */
export function toOsvRecord(value: unknown): OsvRecord | undefined {
  const { id, affected = [], aliases = [], upstream = [] } = Object(value) as Record<string, unknown>;
  const isKnown = typeof id === 'string' && id !== '' && [aliases, upstream].every(areTexts);
  return isKnown && Array.isArray(affected) && affected.every(isAffected) ? (value as OsvRecord) : undefined;
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

const EVENTS = ['introduced', 'fixed', 'last_affected'] as const;

function isRange(value: unknown): boolean {
  const { events } = Object(value) as { readonly events?: unknown };
  return Array.isArray(events) && events.every(isEvent);
}

function isEvent(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Readonly<Record<string, unknown>>;
  return EVENTS.every((name) => event[name] === undefined || typeof event[name] === 'string');
}

function isAffected(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { package: named, ranges = [], versions = [] } = Object(value) as Record<string, unknown>;
  const { ecosystem, name } = Object(named) as Record<string, unknown>;
  const isNamed = named === undefined || (typeof ecosystem === 'string' && typeof name === 'string');
  return isNamed && Array.isArray(ranges) && ranges.every(isRange) && areTexts(versions);
}

/**
 * The records of an id, by their own ids and by aliases, over any number of steps; and those that have one of these
 * upstream: one that has several does not make them one.
 *
 * @param id  CVE-…, GHSA-…, DSA-…: letter case does not count
 */
export function findRecords(id: string, records: readonly OsvRecord[]): readonly OsvRecord[] {
  const names = new Set([id.toUpperCase()]);
  const found = new Set<OsvRecord>();
  // An alias may point back: each record is taken once, until none is added.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const record of records) {
      const own = [record.id, ...(record.aliases ?? [])].map((name) => name.toUpperCase());
      if (found.has(record) || !own.some((name) => names.has(name))) continue;
      found.add(record);
      for (const name of own) names.add(name);
    }
  }
  for (const record of records)
    if (record.upstream?.some((name) => names.has(name.toUpperCase()))) found.add(record);
  return [...found];
}

/** By their rules alone: a Debian advisory is not about Ubuntu's package. */
const DISTRIBUTIONS: ReadonlyMap<string, readonly [Ecosystem, string]> = new Map(
  Object.entries({
    Debian: ['deb', 'debian'],
    Ubuntu: ['deb', 'ubuntu'],
    Alpine: ['apk', 'alpine'],
    Wolfi: ['apk', 'wolfi'],
    Chainguard: ['apk', 'chainguard'],
    'Red Hat': ['rpm', 'rhel'],
    'Rocky Linux': ['rpm', 'rocky'],
    AlmaLinux: ['rpm', 'almalinux'],
    openSUSE: ['rpm', 'opensuse'],
    SUSE: ['rpm', 'sles'],
    'Azure Linux': ['rpm', 'azurelinux'],
  } as const),
);

const LANGUAGES: ReadonlyMap<string, Ecosystem> = new Map(
  Object.entries({
    PyPI: 'pypi',
    npm: 'npm',
    CRAN: 'r',
    Bioconductor: 'r',
    RubyGems: 'gem',
    Maven: 'java',
    Go: 'go',
    'crates.io': 'rust',
  } as const),
);

/** Whether a package is one that a record is about: yes, no, or not to be told. */
export type Verdict = 'affected' | 'unaffected' | 'unknown';

/**
 * Judge a package by a record.
 *
 * Distributions enter advisories by source package; where they do, the source's version counts.
 */
export function judgePackage(each: InstalledPackage, record: OsvRecord, system: OperatingSystem): Verdict {
  const verdicts = (record.affected ?? []).flatMap((affected) => {
    const version = versionMeant(each, affected, system);
    return version === undefined ? [] : [judgeVersion(each.ecosystem, version, affected)];
  });
  if (verdicts.includes('affected')) return 'affected';
  return verdicts.includes('unknown') ? 'unknown' : 'unaffected';
}

/** The version of the package that the advisory speaks of; undefined where it speaks of another. */
function versionMeant(
  each: InstalledPackage,
  { package: named }: OsvAffected,
  system: OperatingSystem,
): string | undefined {
  if (named === undefined) return undefined;
  const [kind = '', release] = named.ecosystem.split(':');
  const [ecosystem, id] = DISTRIBUTIONS.get(kind) ?? [LANGUAGES.get(kind)];
  if (ecosystem !== each.ecosystem) return undefined;
  if (id === undefined) return isNamed(each, named.name) ? each.version : undefined;
  if (system.id !== undefined && system.id !== id) return undefined;
  if (release !== undefined && !isOfRelease(release, system)) return undefined;
  if (each.sourcePackage?.name === named.name) return each.sourcePackage.version ?? each.version;
  return each.name === named.name ? each.version : undefined;
}

/** `Alpine:v3.19` is about 3.19.1 as well. */
function isOfRelease(release: string, { versionId }: OperatingSystem): boolean {
  const wanted = release.replace(/^v/, '').replace(/:.*$/, '');
  return versionId === undefined || versionId === wanted || versionId.startsWith(`${wanted}.`);
}

/** @see PEP 503 for Python's names */
function isNamed({ ecosystem, name }: InstalledPackage, wanted: string): boolean {
  const plain = (text: string) => (ecosystem === 'pypi' ? text.toLowerCase().replace(/[-_.]+/g, '-') : text);
  return plain(name) === plain(wanted);
}

/** @see the Open Source Vulnerability format, "Evaluation": a version is affected if it is listed, or in a range */
function judgeVersion(
  ecosystem: Ecosystem,
  version: string,
  { ranges = [], versions = [] }: OsvAffected,
): Verdict {
  if (versions.includes(version)) return 'affected';
  const verdicts = ranges
    .filter(({ type }) => type === 'ECOSYSTEM' || type === 'SEMVER')
    .map(({ events }) => judgeRange(ecosystem, version, events));
  if (verdicts.includes('affected')) return 'affected';
  return verdicts.includes('unknown') ? 'unknown' : 'unaffected';
}

function judgeRange(ecosystem: Ecosystem, version: string, events: readonly OsvEvent[]): Verdict {
  const sorted = events.flatMap((event) => {
    const at = event.introduced ?? event.fixed ?? event.last_affected;
    return at === undefined
      ? []
      : [{ event, compared: at === '0' ? 1 : compareVersions(ecosystem, version, at), at }];
  });
  if (sorted.some(({ compared }) => compared === undefined)) return 'unknown';
  sorted.sort((one, other) => {
    if (one.at === '0' || other.at === '0') return one.at === other.at ? 0 : one.at === '0' ? -1 : 1;
    return compareVersions(ecosystem, one.at, other.at) ?? 0;
  });
  let isAffected = false;
  for (const { event, compared = 0 } of sorted) {
    if (event.introduced !== undefined && compared >= 0) isAffected = true;
    if (event.fixed !== undefined && compared >= 0) isAffected = false;
    if (event.last_affected !== undefined && compared > 0) isAffected = false;
  }
  return isAffected ? 'affected' : 'unaffected';
}
