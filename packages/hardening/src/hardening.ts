import type { Rights } from './rights.js';

/** Rights under which a result was verified, and what is known of them: what `hardening.json` and manifests hold. */
export interface Hardening extends Rights {
  /** Names of the runs that they are made of, sorted. */
  readonly runs: readonly string[];
  /** The images that ran under them: as the user names them, sorted. */
  readonly images: readonly string[];
  /** Where they were verified: an engine and its version, sorted. Of merged rights, where their parts were. */
  readonly engines: readonly string[];
  /** Of merged rights nobody has run the whole. */
  readonly isMerged?: true;
  /** Whether it would do as a plain user, without further rights. Absent: it is one, or nobody tried. */
  readonly plainUser?: boolean;
  /** Of the image, by their paths as people read them, sorted: programs that were executed, and folders of what was used. */
  readonly used: { readonly programs: readonly string[]; readonly folders: readonly string[] };
  /** What was seen in use at once: advice for limits, with room to spare. */
  readonly seen: { readonly processes: number; readonly files: number };
}
