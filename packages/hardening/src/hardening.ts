import type { Rights } from './rights.js';

/** What runs used of files, by paths as people read them, sorted. */
export interface UsedFiles {
  /** Of the image, executed. */
  readonly programs: readonly string[];
  /** Of the image: in which is what was used. */
  readonly folders: readonly string[];
  /** Of the image: folders that were used themselves, as by a program that lists one. Absent: nobody looked. */
  readonly listed?: readonly string[];
  /** Volumes of the image, and what was mounted into runs. Absent: nobody looked. */
  readonly mounts?: readonly UsedMount[];
}

/** A volume or a folder that a run had beside its image. */
export interface UsedMount {
  readonly path: string;
  /** Absent: it can be written. */
  readonly readOnly?: true;
}

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
  readonly used: UsedFiles;
  /** What was seen in use at once: advice for limits, with room to spare. */
  readonly seen: { readonly processes: number; readonly files: number };
}
