/** A sign that the run was not all that people will want of the image. */
export interface OverShrinkSign {
  readonly kind: OverShrinkKind;
  /** One sentence without its full stop. */
  readonly message: string;
  /** What would make it go away; the same. */
  readonly cure: string;
}

/** By what one sees that a run did too little. */
export type OverShrinkKind =
  | 'only-launcher'
  | 'server-not-asked'
  | 'service-only-awaited'
  | 'links-not-asked'
  | 'software-unused'
  | 'workdir-unused'
  | 'own-files-unused'
  | 'script-programs-removed'
  | FamilyKind
  | 'process-killed'
  | 'runs-differ'
  | 'very-small';

/** Of what programs look up by name. */
export type FamilyKind =
  | 'character-sets-removed'
  | 'image-loaders-removed'
  | 'media-plugins-removed'
  | 'time-zones-removed'
  | 'commands-removed';
