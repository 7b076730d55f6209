// Certificates of a test's own, made by openssl(1), as the manual of dockerd shows them.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePackages } from '../ensure-programs.ts';

const run = promisify(execFile);

/**
 * An authority, a server at 127.0.0.1 and a client, all in one folder: ca.pem, cert.pem and key.pem as the client's,
 * server-cert.pem and server-key.pem.
 *
 * @see https://docs.docker.com/engine/security/protect-access/
 */
export async function makeCertificates(folder: string): Promise<void> {
  // It answers no --version.
  await ensurePackages('/usr/bin/openssl', 'openssl');
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca-key.pem',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  writeFileSync(join(folder, 'server.ext'), 'subjectAltName = IP:127.0.0.1\nextendedKeyUsage = serverAuth\n');
  writeFileSync(join(folder, 'client.ext'), 'extendedKeyUsage = clientAuth\n');
  for (const [name, certificate, key] of [
    ['server', 'server-cert.pem', 'server-key.pem'],
    ['client', 'cert.pem', 'key.pem'],
  ] as const) {
    await openssl('req', ...newKey, '-keyout', key, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca-key.pem',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      certificate,
    );
  }
}
