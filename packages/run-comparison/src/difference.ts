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
  | ({
      readonly kind: 'file';
      /** A byte string. */
      readonly path: string;
      readonly aspect: FileAspect;
      /** For people; absent where there is nothing. */
      readonly source?: string;
      readonly result?: string;
      /** Of content that is text: from 1. */
      readonly line?: number;
    } & Pick<TextMismatch, 'heldAgainst' | 'besideChance'>);

/** Where something is, in what a run did. */
export type Place =
  | StreamName
  | 'exit-status'
  | 'file-names'
  | { readonly path: string }
  /** Of what was asked of the run. */
  | { readonly step: string; readonly aspect: StreamName | 'exit-status' };

/** Something that varies between runs of the source as well, and is held against the result only in what stays. */
export interface Masked {
  readonly where: Place;
  readonly variation: TextVariation | BinaryVariation;
  /** Of names and exit statuses: what it was in two runs of the source. */
  readonly examples?: readonly [string, string];
}

/**
 * Why something could not be held against the result.
 *
 * | reason | runs of the source have |
 * | --- | --- |
 * | `varies-throughout` | bytes that are others nearly everywhere: it is encrypted, or compressed in a way that is not known |
 * | `varies-elsewhere` | bytes that are others somewhere else each time: a database, a cache |
 * | `varies-seldom` | numbers that are the same each time, in lines with others that vary; in one run of the result they were not |
 * | `size-varies` | contents of other sizes: only how they begin and end, and how large they are, was compared |
 * | `no-form` | lines of which nothing stays |
 * | `names-vary` | files whose names and contents vary: nobody knows which is which |
 */
export type NotComparedReason =
  | 'varies-throughout'
  | 'varies-elsewhere'
  | 'varies-seldom'
  | 'size-varies'
  | 'no-form'
  | 'names-vary';

/** Something that was not, or not as a whole, held against the result: nobody knows whether it is right. */
export interface NotCompared {
  readonly where: Place;
  readonly reason: NotComparedReason;
}
