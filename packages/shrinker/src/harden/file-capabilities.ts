import type { ImageReader } from '@keepset/toolbox';

/** The capabilities of one file. */
export interface FileCapabilities {
  /** A byte string. */
  readonly path: string;
  /** Without CAP_, in the kernel's order. */
  readonly names: readonly string[];
}

/** In the order of their numbers. @see linux/capability.h */
const NAMES =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  );

/** Before the attribute, in a tar of GNU tar's. */
const MARK = Buffer.from('SCHILY.xattr.security.capability=');
/** Magic, then permitted and inheritable of 32 bits each, twice. @see linux/capability.h, vfs_cap_data */
const PERMITTED_AT = [4, 12];

/**
 * Which capabilities programs give to whoever executes them: without one of them, nobody can.
 *
 * @param paths  of regular files, byte strings
 * @see capabilities(7), "File capabilities"
 */
export async function readFileCapabilities(
  reader: Pick<ImageReader, 'readCapable' | 'readArchive'>,
  paths: readonly string[],
): Promise<readonly FileCapabilities[]> {
  const found: FileCapabilities[] = [];
  for (const path of await reader.readCapable(paths)) {
    const tar = Buffer.concat(await Array.fromAsync(reader.readArchive([path])));
    const at = tar.indexOf(MARK);
    if (at >= 0) found.push({ path, names: parseCapabilities(tar.subarray(at + MARK.length)) });
  }
  return found;
}

/**
 * @param attribute  begins with the attribute's bytes
 * @example parseCapabilities(Buffer.from('0100000200200000000000000000000000000000', 'hex')) // ['NET_RAW']
 */
export function parseCapabilities(attribute: Buffer): readonly string[] {
  return PERMITTED_AT.flatMap((at, half) => {
    const bits = attribute.length >= at + 4 ? attribute.readUInt32LE(at) : 0;
    return NAMES.slice(half * 32, half * 32 + 32).filter((_, bit) => ((bits >>> bit) & 1) === 1);
  });
}
