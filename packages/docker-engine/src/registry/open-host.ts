import type { IncomingMessage } from 'node:http';
import { authorize } from './authorize.js';
import { patiently } from './patiently.js';
import type { RegistryAccess } from './registry-access.js';
import { type Certificates, readCertificates } from './registry-certificates.js';
import { noAnswer, refused } from './registry-fault.js';
import { type HttpRequest, requestSender, type SendRequest } from './send-request.js';

/** What is asked of a registry. */
interface RegistryRequest extends HttpRequest {
  /** For messages: manifest 1.0 of NAME. */
  readonly what: string;
  /** Statuses that are answers as well, beside those of success. */
  readonly expected?: readonly number[];
}

/** A registry, asked by HTTP. Credentials are shown once it asks for them. */
export interface RegistryHost {
  /** HOST[:PORT] */
  readonly registry: string;
  /**
   * Ask, and again where the registry says that this may help.
   *
   * @param path  behind /v2/; or where the registry said
   * @throws EngineError REGISTRY_UNREACHABLE, REGISTRY_UNTRUSTED, REGISTRY_REFUSED, REGISTRY_NOT_FOUND, REGISTRY_FAILED,
   *   REGISTRY_BAD_ANSWER, CREDENTIALS_UNREADABLE, INTERRUPTED
   */
  ask(path: string | URL, request: RegistryRequest): Promise<IncomingMessage>;
  /** Once: what is sent a second time would be something else. */
  askOnce(path: string | URL, request: RegistryRequest): Promise<IncomingMessage>;
}

/** Nothing is asked yet. */
export function openHost(registry: string, access: RegistryAccess): RegistryHost {
  const scopes = new Set<string>();
  let reached: ReturnType<typeof reach> | undefined;
  let credentials: ReturnType<NonNullable<typeof access.findCredentials>> | undefined;
  let authorization: string | undefined;

  async function askOnce(path: string | URL, request: RegistryRequest): Promise<IncomingMessage> {
    // As long as it cannot be reached, it is tried anew.
    reached ??= reach(registry, access).catch((error: unknown) => {
      reached = undefined;
      throw noAnswer(registry, error);
    });
    const { base, send } = await reached;
    const url = path instanceof URL ? new URL(path) : new URL(`/v2/${path}`, base);
    const isOwn = url.host === base.host;
    // Behind a proxy that speaks TLS for them, registries do not know that it is spoken.
    if (isOwn) url.protocol = base.protocol;
    const attempt = () =>
      send(url, {
        ...request,
        headers: { ...request.headers, ...(isOwn && authorization !== undefined && { authorization }) },
      }).catch((cause: unknown) => {
        throw noAnswer(registry, cause);
      });
    let answer = await attempt();
    if (answer.statusCode === 401 && isOwn) {
      credentials ??= access.findCredentials?.(registry);
      const text = answer.headers['www-authenticate'] ?? '';
      const isSecure = base.protocol === 'https:';
      authorization = await authorize(
        { registry, text, credentials: await credentials, scopes, isSecure },
        send,
      );
      if (authorization !== undefined) {
        answer.resume();
        answer = await attempt();
      }
    }
    const { statusCode = 0 } = answer;
    if ((statusCode >= 200 && statusCode < 300) || request.expected?.includes(statusCode)) return answer;
    throw await refused(registry, answer, request.what);
  }

  return {
    registry,
    askOnce,
    ask: (path, request) => patiently(access.signal, () => askOnce(path, request)),
  };
}

/** Where it is, and how it is asked. */
async function reach(
  registry: string,
  { certificateFolders = [], insecure = isHere(registry), signal }: RegistryAccess,
): Promise<{ readonly base: URL; readonly send: SendRequest }> {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const certificates: Certificates = await readCertificates(registry, certificateFolders);
  const send = requestSender({ certificates, isVerified: !insecure, signal });
  const base = new URL(`https://${host}`);
  if (!insecure) return { base, send };
  // As docker does: whatever is in the way of TLS, what is said without it is the answer.
  const answer = await send(new URL('/v2/', base)).catch(() => undefined);
  answer?.resume();
  signal?.throwIfAborted();
  if (answer === undefined) base.protocol = 'http:';
  return { base, send };
}

/** As engines do: registries of this machine need no certificate. */
function isHere(registry: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(registry);
}
