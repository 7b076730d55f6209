/**
 * What the scanner and who runs it have agreed on: where things are in its memory. Read by both compilers; enums, so
 * that plain numbers remain.
 */

/** Places in memory, and how large things are there, in bytes. */
export enum Memory {
  /** What `scan` says beside its records; see `Report`. It is the first thing there is. */
  Report = 0,
  /** A name to learn. */
  Scratch = 64,
  /** The accesses that `scan` has read; see `Field`. */
  Records = 128,
  RecordBytes = 144,
  RecordsMax = 32,
  Names = Records + RecordBytes * RecordsMax,
  NameBytes = 32,
  NameSlots = 256,
  Threads = Names + NameBytes * NameSlots,
  ThreadSlots = 256,
  Memo = Threads + RecordBytes * ThreadSlots,
  MemoBytes = 128,
  /** For names, and then for flags and errors. */
  MemoSlots = 1024,
  MemoWordSlots = 128,
  /** The log. */
  Window = Memo + MemoBytes * (MemoSlots + MemoWordSlots),
  WindowBytes = 80 * 1024,
}

/** 32-bit numbers. */
export enum Report {
  /** How far it has read. */
  Position = 0,
  Lines = 1,
  Events = 2,
  Stop = 3,
  /** Whose line it has left. */
  Pid = 4,
  /** And where in memory what is known of that thread is, if it has stopped because of its own line. */
  Thread = 5,
  /** How many threads it knows, and how many names. */
  Threads = 6,
  Names = 7,
  /** Floating-point numbers of 64 bits: what `src/lines/clock.ts` remembers. */
  Clock = 8,
}

/** Why `scan` goes no further. */
export enum Stop {
  /** There are as many records as were wanted. */
  Wanted = 0,
  /** The next line is not all there. */
  Incomplete = 1,
  /** The next line must be read in full; of all first halves only that of its own thread can matter to it. */
  Own = 2,
  /** The next line must be read in full. */
  Any = 3,
}

/** 32-bit numbers of a record, and of a first half that waits. Places are in the window. */
export enum Field {
  /** A floating-point number of 64 bits: of the first half. */
  Line = 0,
  Pid = 2,
  /** What `learn` was told of the name. */
  Code = 3,
  LineStart = 4,
  /** Of the call's name. */
  NameStart = 5,
  NameEnd = 6,
  /** After the last character of the call in its first half. */
  BodyEnd = 7,
  /** The newline of the first half. */
  LineEnd = 8,
  /** The path is relative to the working directory. */
  AtCwd = 9,
  // Texts: where each begins, where it ends, and what the memo knows of it: a slot, with `Fresh`. The last one is there
  // only in a record, and -1 if there is no such text.
  Path = 10,
  /** What `<…>` after the directory descriptor holds; its end is 0 if there is none. */
  Note = 13,
  Flags = 16,
  // Of a record only.
  /** The name of the error, or what `<…>` after the result holds; it begins at 0 if there is none. */
  Shown = 19,
  /** Where the second half goes on; 0 if the call is on one line. */
  TailStart = 22,
  /** The newline of the line on which the call ends. */
  End = 23,
  /** -1: it has failed. */
  Result = 24,
  // Of a first half only.
  State = 25,
  /** It ends with a comma and a blank. */
  HasComma = 26,
  /** `[pid N]` says nothing new. */
  IsKnown = 27,
  /** Its pid and one; 0 where there is no thread. */
  Key = 28,
  // Floating-point numbers of 64 bits: when the call began, and when its second half was printed, or `NO_TIME`.
  Time = 30,
  EndTime = 32,
}

export const NO_TIME = -1e9;

/** From the beginning of a text to its end, to its slot, and to the next text. */
export const TO_END = 1;
export const TO_SLOT = 2;
export const TO_NEXT = 3;

/** In the number of a slot: another text was there before. */
export const FRESH = 0x10000;

/** Where a thread's first half is, if one waits. */
export enum Waiting {
  No = 0,
  Here = 1,
  /** The reader of full lines may have it. */
  There = 2,
}

/** What a name's code says of its call, in its lowest four bits. */
export enum Shape {
  /** Nobody wants it. */
  Passed = 1,
  /** Its lines must be read in full. */
  Full = 2,
  /** After the path come flags of an open, and its mode. */
  Mode = 3,
  Status = 4,
  StatusFlags = 5,
  Words = 6,
  /** It starts a program, and is read here only if it fails. */
  Program = 7,
  /** All of the above. */
  Mask = 7,
  /** A directory comes before the path. */
  At = 8,
}
