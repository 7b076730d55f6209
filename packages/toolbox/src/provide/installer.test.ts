import { expect, it } from 'vitest';
import { chooseInstaller } from './installer.js';

it.each([
  ['apt-get', ['/usr/bin/apt-get']],
  ['apk', ['/sbin/apk']],
  ['apk', ['/usr/bin/apk']],
  ['dnf', ['/usr/bin/dnf', '/usr/bin/microdnf']],
  ['microdnf', ['/usr/bin/microdnf']],
  ['zypper', ['/usr/bin/zypper']],
  ['apt-get', ['/usr/bin/zypper', '/usr/bin/apt-get']],
  [undefined, []],
  [undefined, ['/usr/bin/pip']],
])('%s is chosen where there is %j', (name, present) => {
  expect(chooseInstaller(new Set(present))?.name).toBe(name);
});
