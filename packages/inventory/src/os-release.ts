/** Which distribution an image is; all undefined in an image that does not tell. */
export interface OperatingSystem {
  /** debian, ubuntu, alpine, fedora */
  readonly id?: string;
  readonly versionId?: string;
  readonly prettyName?: string;
}

export const OS_RELEASE_PATHS = ['/etc/os-release', '/usr/lib/os-release'] as const;

/** @see os-release(5): shell assignments, one a line */
export function parseOsRelease(text: string): OperatingSystem {
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/^([A-Z_]+)=(.*)$/gm))
    values.set(name, unquote(value));
  const [id, versionId, prettyName] = ['ID', 'VERSION_ID', 'PRETTY_NAME'].map((name) => values.get(name));
  return {
    ...(id && { id }),
    ...(versionId && { versionId }),
    ...(prettyName && { prettyName }),
  };
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1\s*$/.exec(value);
  return quoted?.[2]?.replace(/\\([\\"$`])/g, '$1') ?? value.trim();
}
