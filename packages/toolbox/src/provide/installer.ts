/** A package manager that an image may have, and how it installs what a toolbox needs. */
export interface Installer {
  readonly name: 'apt-get' | 'apk' | 'dnf' | 'microdnf' | 'zypper';
  /** Where its program is. */
  readonly paths: readonly string[];
  /** For sh, as root. */
  readonly script: string;
}

// Where coreutils are, a smaller package may stand in their place, which they would conflict with.
const PACKAGES = 'strace tar findutils util-linux bash';

/** In the order of preference: an image may have a second one that serves other packages. */
export const INSTALLERS: readonly Installer[] = [
  {
    name: 'apt-get',
    paths: ['/usr/bin/apt-get'],
    script: `apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${PACKAGES}`,
  },
  {
    name: 'apk',
    paths: ['/sbin/apk', '/usr/bin/apk'],
    // Its own are busybox's, which lack what is asked of them.
    script: 'apk add --no-cache strace tar findutils setpriv coreutils bash',
  },
  { name: 'dnf', paths: ['/usr/bin/dnf'], script: `dnf install -y ${PACKAGES}` },
  { name: 'microdnf', paths: ['/usr/bin/microdnf'], script: `microdnf install -y ${PACKAGES}` },
  {
    name: 'zypper',
    paths: ['/usr/bin/zypper'],
    script: `zypper --non-interactive install --no-recommends ${PACKAGES}`,
  },
];

/** @param present  those of the installers' paths at which the image has something */
export function chooseInstaller(present: ReadonlySet<string>): Installer | undefined {
  return INSTALLERS.find(({ paths }) => paths.some((path) => present.has(path)));
}
