import type { BinaryVariation } from './compare-content.js';
import type { StreamName } from './run-outcome.js';
import type { TextMismatch, TextVariation } from './text/text-mask.js';

/** In what a file is not what it was. */
export type FileAspect = 'missing' | 'extra' | 'type' | 'mode' | 'owner' | 'link-target' | 'content';

/** One thing in which a run did otherwise than those it is held against. */
export type Difference =
  | { readonly kind: 'not-started'; readonly reason: string }
  | {
      readonly kind: 'exit-status';
      /** Of what was asked of the run, not of the run itself. */
      readonly step?: string;
      readonly source: number;
      /** Undefined: a step got no answer. */
      readonly result: number | undefined;
    }
  | ({ readonly kind: 'output'; readonly stream: StreamName; readonly step?: string } & TextMismatch)
  | {
      readonly kind: 'file';
      /** A byte string. */
      readonly path: string;
      readonly aspect: FileAspect;
      /** For people; absent where there is nothing. */
      readonly source?: string;
      readonly result?: string;
      /** Of content that is text: from 1. */
      readonly line?: number;
    };

/** Something that varies between runs of the source as well, and so is no evidence. */
export interface Masked {
  readonly where:
    | StreamName
    | 'exit-status'
    | 'file-names'
    | { readonly path: string }
    /** Of what was asked of the run. */
    | { readonly step: string; readonly aspect: StreamName | 'exit-status' };
  readonly variation: TextVariation | BinaryVariation;
  /** Of names and exit statuses: what it was in two runs of the source. */
  readonly examples?: readonly [string, string];
}
