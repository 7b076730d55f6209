import { compare as comparePep440, valid as isPep440 } from '@renovatebot/pep440';
import compareSemver from 'semver/functions/compare.js';
import isSemver from 'semver/functions/valid.js';
import { compareApkVersions } from '../apk/apk-version.js';
import { compareDpkgVersions } from '../dpkg/dpkg-version.js';
import type { Ecosystem } from '../installed-package.js';
import { compareRVersions } from '../r/r-version.js';
import { compareRpmVersions } from '../rpm/rpm-version.js';

const COMPARE: Partial<Record<Ecosystem, (one: string, other: string) => number | undefined>> = {
  deb: compareDpkgVersions,
  apk: compareApkVersions,
  rpm: compareRpmVersions,
  pypi: (one, other) => (isPep440(one) && isPep440(other) ? comparePep440(one, other) : undefined),
  npm: compareSemantic,
  // Go's versions begin with a v in programs, and without one in advisories.
  go: compareSemantic,
  rust: compareSemantic,
  r: compareRVersions,
};

/**
 * Compare two versions by the rules of their ecosystem.
 *
 * @returns  negative, 0 or positive; undefined where that cannot be told: one is no version, or the rules are not known
 *   (conda, gems, Java, Perl, TeX Live), unless both are the same text
 */
export function compareVersions(ecosystem: Ecosystem, one: string, other: string): number | undefined {
  return one === other ? 0 : COMPARE[ecosystem]?.(one, other);
}

/** @see Semantic Versioning 2.0.0 */
function compareSemantic(one: string, other: string): number | undefined {
  return isSemver(one, true) && isSemver(other, true) ? compareSemver(one, other, true) : undefined;
}
