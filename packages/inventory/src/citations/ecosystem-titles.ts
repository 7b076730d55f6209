import type { Ecosystem } from '../installed-package.js';

/** What a package of an ecosystem is called in a sentence. */
export const ECOSYSTEM_TITLES: Readonly<Record<Ecosystem, string>> = {
  deb: 'Debian package',
  apk: 'apk package',
  rpm: 'rpm package',
  pypi: 'Python package',
  conda: 'conda package',
  r: 'R package',
  npm: 'npm package',
  gem: 'Ruby gem',
  java: 'Java library',
  go: 'Go module',
  rust: 'Rust crate',
  perl: 'Perl module',
  texlive: 'TeX Live package',
};
