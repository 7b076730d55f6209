import type { MountConfig } from '../containers/container-config.js';
import { defined } from './defined.js';
import { invalidOption } from './invalid-option.js';
import { parseSizeBytes } from './parse-size-bytes.js';

/** @see docker-run(1), mount: fields with commas between them, each NAME=VALUE or NAME */
export function parseMount(text: string): MountConfig {
  const fields = new Map(
    text.split(',').map((field) => {
      const at = field.indexOf('=');
      return at < 0 ? [field.toLowerCase(), 'true'] : [field.slice(0, at).toLowerCase(), field.slice(at + 1)];
    }),
  );
  const take = (...names: string[]): string | undefined => {
    let value: string | undefined;
    for (const name of names) {
      value ??= fields.get(name);
      fields.delete(name);
    }
    return value;
  };
  const type = take('type') ?? 'volume';
  const source = take('source', 'src');
  const target = take('target', 'dst', 'destination');
  const readOnly = take('readonly', 'ro');
  const propagation = take('bind-propagation');
  const noCopy = take('volume-nocopy');
  const tmpfsSize = take('tmpfs-size');
  const tmpfsMode = take('tmpfs-mode');
  take('consistency');
  const unknown = [...fields.keys()][0];
  if (target === undefined || unknown !== undefined || !['bind', 'volume', 'tmpfs'].includes(type)) {
    throw invalidOption(
      'mount',
      text,
      unknown === undefined ? 'type=bind|volume|tmpfs,source=…,target=/…' : `no field '${unknown}'`,
    );
  }
  return defined<MountConfig>({
    Type: type,
    Source: source,
    Target: target,
    ReadOnly: readOnly === undefined ? undefined : readOnly !== 'false' && readOnly !== '0',
    BindOptions: propagation === undefined ? undefined : { Propagation: propagation },
    VolumeOptions: noCopy === undefined ? undefined : { NoCopy: noCopy !== 'false' },
    TmpfsOptions:
      tmpfsSize === undefined && tmpfsMode === undefined
        ? undefined
        : defined<{ SizeBytes?: number; Mode?: number }>({
            SizeBytes: tmpfsSize === undefined ? undefined : parseSizeBytes('mount', tmpfsSize),
            Mode: tmpfsMode === undefined ? undefined : Number.parseInt(tmpfsMode, 8),
          }),
  });
}
