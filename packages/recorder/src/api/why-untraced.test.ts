import { expect, it } from 'vitest';
import type { AskedContainer, AskedHostConfig } from './asked-container.js';
import { whyUntraced } from './why-untraced.js';

const IMAGE = { architecture: 'amd64', os: 'linux' };
const ENGINE = { architecture: 'amd64', securityOptions: ['name=seccomp,profile=default'] };
const asked = (HostConfig: AskedHostConfig): AskedContainer => ({ Image: 'a', HostConfig });

it.each([
  ['an ordinary one', asked({}), IMAGE, ENGINE],
  ['its own processes', asked({ PidMode: '' }), IMAGE, ENGINE],
  ['no profile', asked({ SecurityOpt: ['seccomp=unconfined', 'apparmor:unconfined'] }), IMAGE, ENGINE],
  ['no new privileges', asked({ SecurityOpt: ['no-new-privileges'] }), IMAGE, ENGINE],
  ['of 32 bits', asked({}), { ...IMAGE, architecture: '386' }, ENGINE],
  ['by crun', asked({ Runtime: 'crun' }), IMAGE, ENGINE],
])('is traced: %s', (_, body, image, engine) => {
  expect(whyUntraced(body, image, engine)).toBeUndefined();
});

it.each([
  ['privileged', asked({ Privileged: true }), IMAGE, ENGINE],
  ['processes of host', asked({ PidMode: 'host' }), IMAGE, ENGINE],
  ['processes of container:x', asked({ PidMode: 'container:x' }), IMAGE, ENGINE],
  ['user namespace', asked({ UsernsMode: 'host' }), IMAGE, ENGINE],
  ['user namespace', asked({}), IMAGE, { ...ENGINE, securityOptions: ['name=userns'] }],
  ['by runsc', asked({ Runtime: 'runsc' }), IMAGE, ENGINE],
  ['profile of its own (seccomp={', asked({ SecurityOpt: ['seccomp={"a":1}'] }), IMAGE, ENGINE],
  ['profile of its own (apparmor=x', asked({ SecurityOpt: ['apparmor=x'] }), IMAGE, ENGINE],
  ['for arm64', asked({}), { ...IMAGE, architecture: 'arm64' }, ENGINE],
  ['for windows', asked({}), { ...IMAGE, os: 'windows' }, ENGINE],
  ["keepset's own", { Image: 'a', Labels: { 'org.keepset.role': 'trace' } }, IMAGE, ENGINE],
])('is not traced: %s', (reason, body, image, engine) => {
  expect(whyUntraced(body, image, engine)).toContain(reason);
});
