import { printPath } from '@keepset/strace-parser';
import type { Keeping } from '../plan/keeping.js';
import { PlanError } from '../plan/plan-error.js';
import type { PlanWarning } from '../plan/plan-warning.js';
import { type PathPattern, parsePathPattern } from './path-pattern.js';

/**
 * What becomes of a file that would be kept and looks like a secret.
 *
 * - `keep`: it stays, with a warning.
 * - `drop`: it goes, with a warning, even if a run read it.
 * - `fail`: there is no plan.
 */
export type SecretsPolicy = 'keep' | 'drop' | 'fail';

/**
 * Names of files that hold keys, passwords or tokens by their format's own custom. Names only: content is not
 * read. What is public by design (certificates, `*.pub`) is not here.
 */
export const SECRET_PATTERNS: readonly string[] = [
  // Private keys: OpenSSH, TLS, PGP, Java, Kerberos.
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ecdsa_sk',
  'id_ed25519',
  'id_ed25519_sk',
  'ssh_host_*_key',
  '*.key',
  '*-key.pem',
  '*_key.pem',
  'privkey*.pem',
  '/etc/ssl/private/*',
  '*.{p12,pfx,jks,keystore,ppk,kdbx}',
  '.gnupg/**/*.{gpg,key,kbx}',
  '*.keytab',
  // Logins: curl, git, databases, mail, HTTP servers.
  '.netrc',
  '_netrc',
  '.git-credentials',
  '.pgpass',
  '.my.cnf',
  '.mylogin.cnf',
  '.htpasswd',
  '/etc/shadow',
  '/etc/gshadow',
  // Clouds and clusters.
  '.aws/credentials',
  '.azure/{accessTokens.json,msal_token_cache.*}',
  'gcloud/{credentials.db,access_tokens.db,application_default_credentials.json}',
  '.config/gcloud/legacy_credentials/**',
  '.kube/config',
  '.docker/config.json',
  '.dockercfg',
  '/run/secrets/**',
  '/var/run/secrets/**',
  // Package registries and developers' tools.
  '.npmrc',
  '.yarnrc.yml',
  '.pypirc',
  '.gem/credentials',
  '.cargo/credentials{,.toml}',
  '.config/gh/hosts.yml',
  '.terraformrc',
  '.vault-token',
  // Environments and histories.
  '.env',
  '.env.*',
  '.Renviron',
  '.{bash,zsh,sh,ash,python,psql,mysql,node_repl,sqlite,R}_history',
  '.Rhistory',
];

/** Whatever these name is an example or a template, not a secret. */
const EXCEPTIONS = ['.env.{example,sample,template,dist,defaults}', '*.pub'];

let patterns: readonly PathPattern[] | undefined;
let exceptions: readonly PathPattern[] | undefined;

/** The pattern by which a path looks like a secret. */
export function secretPattern(path: string): string | undefined {
  patterns ??= SECRET_PATTERNS.map(parsePathPattern);
  exceptions ??= EXCEPTIONS.map(parsePathPattern);
  const pattern = patterns.find((each) => each.matches(path));
  if (pattern === undefined || exceptions.some((each) => each.matches(path))) return undefined;
  return pattern.text;
}

type SecretWarning = Extract<PlanWarning, { kind: 'secret' }>;

/** @throws PlanError PLAN_SECRET */
export function guardSecrets(policy: SecretsPolicy, { source, ends, warnings }: Keeping): void {
  const found: SecretWarning[] = [];
  for (const { path, reasons, isStub } of ends.sorted()) {
    const entry = source.tree.get(path);
    if (isStub || entry?.type !== 'file' || entry.sizeBytes === 0) continue;
    const pattern = secretPattern(path);
    if (pattern === undefined) continue;
    const runs = reasons.flatMap((reason) => (reason.kind === 'access' ? [reason.run] : []));
    found.push({ kind: 'secret', path, pattern, runs: [...new Set(runs)], dropped: policy === 'drop' });
    if (policy === 'drop') ends.remove(path);
  }
  const [first] = found;
  if (policy === 'fail' && first !== undefined) {
    const reader = first.runs[0] === undefined ? '' : `, which the run "${first.runs[0]}" used`;
    const others = found.length === 1 ? '' : ` and ${found.length - 1} others`;
    throw new PlanError(
      'PLAN_SECRET',
      `${printPath(first.path)}${reader}${others} looks like a secret (pattern ${first.pattern}); ` +
        'mount it when the container runs, or choose to keep or to drop secrets',
    );
  }
  warnings.push(...found);
}
