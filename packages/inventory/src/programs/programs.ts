import type { ContentReader } from '../package-reader.js';
import { readElfSections } from './elf-sections.js';
import { GO_SECTION, readGoModules } from './go-modules.js';
import { RUST_SECTION, readRustCrates } from './rust-crates.js';

const EXECUTABLE_BITS = 0o111;
const SHARED_LIBRARY = /\.so(?:\.[0-9.]+)?$/;
/** The smallest programs of Go and Rust are larger. */
const PROGRAM_BYTES_MIN = 4 * 1024;

/**
 * Programs that tell what they were linked from: Go's do, and Rust's where cargo-auditable built them.
 *
 * Those of a distribution are passed over: its package stands for them, and its advisories speak of that.
 */
export const programs: ContentReader = {
  isCandidate: ({ path, mode, sizeBytes }) =>
    (mode & EXECUTABLE_BITS) !== 0 && sizeBytes >= PROGRAM_BYTES_MIN && !SHARED_LIBRARY.test(path),
  magic: '\x7fELF',
  passesOverSystem: true,

  *read(path, content, warn) {
    const sections = readElfSections(content);
    const [go, rust] = [sections.get(GO_SECTION), sections.get(RUST_SECTION)];
    if (go !== undefined) yield* readGoModules(path, go, warn);
    if (rust !== undefined) yield* readRustCrates(path, rust);
  },
};
