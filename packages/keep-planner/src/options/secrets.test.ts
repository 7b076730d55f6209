import { describe, expect, it } from 'vitest';
import { SECRET_PATTERNS, secretPattern } from './secrets.js';

describe('secretPattern', () => {
  it.each([
    '/root/.ssh/id_ed25519',
    '/etc/ssh/ssh_host_rsa_key',
    '/etc/ssl/private/server.pem',
    '/srv/tls/server.key',
    '/etc/letsencrypt/live/x/privkey1.pem',
    '/home/me/.gnupg/private-keys-v1.d/AB.key',
    '/home/me/.netrc',
    '/home/me/.git-credentials',
    '/etc/shadow',
    '/home/me/.aws/credentials',
    '/home/me/.config/gcloud/application_default_credentials.json',
    '/home/me/.kube/config',
    '/home/me/.docker/config.json',
    '/run/secrets/token',
    '/app/.npmrc',
    '/app/.env',
    '/app/.env.production',
    '/root/.bash_history',
    '/root/.Rhistory',
  ])('knows %s', (path) => {
    expect(secretPattern(path)).toBeTypeOf('string');
  });

  it.each([
    '/root/.ssh/id_ed25519.pub',
    '/root/.ssh/known_hosts',
    '/etc/ssh/ssh_host_rsa_key.pub',
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/ssl/certs/ISRG_Root_X1.pem',
    '/usr/share/keyrings/debian-archive-keyring.gpg',
    '/etc/passwd',
    '/app/.env.example',
    '/app/config.json',
    '/usr/bin/env',
    '/home/me/credentials',
  ])('leaves %s alone', (path) => {
    expect(secretPattern(path)).toBeUndefined();
  });

  it('has each pattern once', () => {
    expect(new Set(SECRET_PATTERNS).size).toBe(SECRET_PATTERNS.length);
  });
});
