import { Memory } from './scanner-layout.js';

/** What is used of WebAssembly: this package is compiled for no environment in particular. */
interface WebAssemblyLike {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /**
   * Reads the lines from `start`: see `Report`.
   *
   * @param lineNumber  of the first line
   * @returns           how many records there are now
   */
  scan(start: number, end: number, barePid: number, lineNumber: number, wanted: number): number;
  /** Remembers the code of the name in `Scratch`. */
  learn(length: number, code: number): void;
  /** Says whether others have a first half of this thread that waits, and whether `[pid N]` says nothing new. */
  mark(pid: number, waits: boolean, isKnown: boolean): void;
}

/** `scanner/scan-lines.ts`, running. */
export interface Scanner extends Exports {
  readonly bytes: Uint8Array;
  readonly numbers: Int32Array;
  readonly floats: Float64Array;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyLike };
let compiled: object | undefined;
let loading: Promise<void> | undefined;
/** To start one takes ten times as long as to read a short log. */
let idle: Scanner | undefined;

/**
 * Loads what the scanner compiles to, once: a file of its own, because nobody else needs it. Where there is no WebAssembly,
 * or none with vectors, or a page's content security policy forbids it, there will be no scanner.
 */
export function loadScanner(): Promise<void> {
  loading ??= import('./scanner-code.js')
    .then(({ SCANNER_CODE }) => {
      const bytes = SCANNER_CODE.match(/../g) ?? [];
      compiled = new WebAssembly.Module(Uint8Array.from(bytes, (digits) => Number.parseInt(digits, 16)));
    })
    .catch(() => {});
  return loading;
}

/** A scanner of its own memory; undefined where none could be loaded. */
export function startScanner(): Scanner | undefined {
  const used = idle ?? instantiate();
  idle = undefined;
  // What it remembers of texts may stay: who runs it asks for them anew.
  used?.numbers.fill(0, 0, Memory.Memo >> 2);
  return used;
}

/** It will not be used any more, nor what is in its memory. */
export function endScanner(scanner: Scanner | undefined): void {
  idle = scanner;
}

function instantiate(): Scanner | undefined {
  if (compiled === undefined) return undefined;
  const exports = new WebAssembly.Instance(compiled).exports as Exports;
  const { buffer } = exports.memory;
  return {
    ...exports,
    bytes: new Uint8Array(buffer, 0, Memory.Window + Memory.WindowBytes),
    numbers: new Int32Array(buffer),
    floats: new Float64Array(buffer),
  };
}
