// By their names: a bundle of a CommonJS module that is imported as it runs has only a default export.
export { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
