/**
 * The scanner: reads the lines that nearly all of a log is made of, in AssemblyScript, compiled to WebAssembly because
 * it can look at 16 bytes at a time. It finds where the parts of a call are, joins halves, and recognises texts that it
 * has seen before; what they mean is up to who runs it (`src/plain-lines.ts`), and so is every line that is not in its
 * usual spelling.
 *
 * The window always ends with a newline that is not of the log, so no search goes beyond it.
 */
import {
  Field,
  FRESH,
  Memory,
  NO_TIME,
  Report,
  Shape,
  Stop,
  TO_END,
  TO_SLOT,
  Waiting,
} from '../src/scanner/scanner-layout';

const NEWLINE: u8 = 10;
const SPACE: u8 = 32;
const QUOTE: u8 = 34;
const OPEN: u8 = 40;
const CLOSE: u8 = 41;
const MINUS: u8 = 45;
const DOT: u8 = 46;
const SLASH: u8 = 47;
const ZERO: u8 = 48;
const NINE: u8 = 57;
const COLON: u8 = 58;
const LESS: u8 = 60;
const GREATER: u8 = 62;
const BACKSLASH: u8 = 92;
const CLOSE_SQUARE: u8 = 93;
const LOWER_A: u8 = 97;
const LOWER_F: u8 = 102;
const LOWER_Z: u8 = 122;
const CURLY: u8 = 123;
const CLOSE_CURLY: u8 = 125;

const LARGEST_PID: i32 = 4194304;
const DAY: f64 = 86400;
/** Of a time between two lines nobody sees so many. */
const EPOCH_DIGITS: i32 = 9;
/** Where the clock's numbers are. */
const CLOCK: i32 = Memory.Report + (Report.Clock << 2);
/** More of them may be no number of 32 bits. */
const DIGITS_MAX: i32 = 9;
/** 2^64 over the golden ratio, as Fibonacci hashing has it. */
const HASH: u64 = 0x9e3779b97f4a7c15;
const NAME_LONGEST: i32 = 16;
/** So many threads are remembered; then all are forgotten. */
const THREADS_MAX: i32 = 160;
/** Longer texts are not remembered. */
const MEMO_LONGEST: i32 = 120;
// Texts as little-endian numbers: `<...`, `--- `, `+++ `, ` ---`, ` +++`, `exited w`, `ith `, `killed b`, `y `, `[pid`, `<u`, ` <`, `, `, `= `, `0x`, `*/`, `.>`, `resumed>`, ` <unfini`, `shed ...`, `AT_FDCWD`, `{st_`.
const DOTS: u32 = 0x2e2e2e3c;
const DASHES: u32 = 0x202d2d2d;
const PLUSES: u32 = 0x202b2b2b;
const DASHES_END: u32 = 0x2d2d2d20;
const PLUSES_END: u32 = 0x2b2b2b20;
const EXITED: u64 = 0x7720646574697865;
const EXITED_END: u32 = 0x20687469;
const KILLED: u64 = 0x622064656c6c696b;
const KILLED_END: u16 = 0x2079;
const BRACKET: u32 = 0x6469705b;
const LESS_U: u16 = 0x753c;
const SPACE_LESS: u16 = 0x3c20;
const COMMA_SPACE: u16 = 0x202c;
const EQUALS_SPACE: u16 = 0x203d;
const HEXADECIMAL: u16 = 0x7830;
const COMMENT_END: u16 = 0x2f2a;
const MARK_END: u16 = 0x3e2e;
const RESUMED: u64 = 0x3e64656d75736572;
const UNFINI: u64 = 0x696e69666e753c20;
const SHED: u64 = 0x2e2e2e2064656873;
const MARK_BYTES: i32 = 17;
const AT_FDCWD: u64 = 0x44574344465f5441;
const ST: u32 = 0x5f74737b;

/** Where the next record goes. */
let record: i32 = Memory.Records;
let events: i32 = 0;
/** Why the line at hand is left to others. */
let stop: i32 = 0;
let stopPid: i32 = 0;
/** After the last byte of the log that is there. A newline that is found there is not of the log. */
let limit: i32 = 0;
/** Of the call at hand. */
let noteStart: i32 = 0;
let noteEnd: i32 = 0;
let atCwd: i32 = 0;
let flagsStart: i32 = 0;
let flagsEnd: i32 = 0;
/** After the last character of a first half; 0: the call is on one line. */
let bodyEnd: i32 = 0;
/** The first half ends with a comma and a blank. */
let hasComma: i32 = 0;
/** When the line at hand was printed. */
let time: f64 = NO_TIME;
/** -r: the sum of what the lines before have said, and of that and the line at hand, in nanoseconds. */
let elapsed: f64 = 0;
let elapsedHere: f64 = 0;
/** -t, -tt: the latest time of day, before the line at hand and with it, and the first one. */
let latest: f64 = 0;
let latestHere: f64 = 0;
let firstTime: f64 = 0;
let result: i32 = 0;
let shownStart: i32 = 0;
let shownEnd: i32 = 0;

function byte(at: i32): u8 {
  return load<u8>(at);
}

function pair(at: i32): u16 {
  return load<u16>(at);
}

function put(at: i32, field: i32, value: i32): void {
  store<i32>(at + (field << 2), value);
}

function get(at: i32, field: i32): i32 {
  return load<i32>(at + (field << 2));
}

/** The first place from `at` where one of these is, or a newline. */
function find(at: i32, a: u8, b: u8): i32 {
  const va = i8x16.splat(a);
  const vb = i8x16.splat(b);
  const newlines = i8x16.splat(NEWLINE);
  let i = at;
  while (true) {
    const text = v128.load(i);
    const mask = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(text, va), i8x16.eq(text, vb)), i8x16.eq(text, newlines)),
    );
    if (mask !== 0) return i + ctz(mask);
    i += 16;
  }
}

/**
 * The first place from `at` where there is a bracket, a quote, a slash, a backslash or a newline: whatever may hold
 * something else. Each byte is looked up by its two halves; both must know of the same kind.
 */
function findSpecial(at: i32): i32 {
  const high = i8x16(16, 0, 1, 2, 0, 4, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0);
  const low = i8x16(0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 16, 12, 6, 12, 2, 1);
  const nibbles = i8x16.splat(15);
  let i = at;
  while (true) {
    const text = v128.load(i);
    const kinds = v128.and(
      i8x16.swizzle(high, i8x16.shr_u(text, 4)),
      i8x16.swizzle(low, v128.and(text, nibbles)),
    );
    const mask = i8x16.bitmask(i8x16.ne(kinds, i8x16.splat(0)));
    if (mask !== 0) return i + ctz(mask);
    i += 16;
  }
}

function isDigit(code: u8): bool {
  return code >= ZERO && code <= NINE;
}

/** As JavaScript does it. */
function round(value: f64): f64 {
  return floor<f64>(value + 0.5);
}

/** What a time of day is in seconds since the log's first, over midnights. */
function ofDay(seconds: f64): f64 {
  if (latestHere < 0) latestHere = firstTime = seconds;
  const sinceMidnight = seconds + round((latestHere - seconds) / DAY) * DAY;
  if (sinceMidnight > latestHere) latestHere = sinceMidnight;
  return sinceMidnight - firstTime;
}

/** -t, -tt, -ttt, -r: where it ends, or 0. `src/lines/clock.ts` reckons in the same way. */
function readTime(start: i32): i32 {
  let at = start;
  let seconds: f64 = 0;
  let colons = 0;
  let part: i64 = 0;
  while (true) {
    const code = byte(at);
    if (code === COLON) {
      // 12:34:56; of grep -n there is one.
      if (at !== start + 3 * colons + 2) return 0;
      seconds = (seconds + <f64>part) * 60;
      part = 0;
      colons++;
    } else if (isDigit(code)) part = part * 10 + <i64>(code - ZERO);
    else break;
    at++;
  }
  const digits = at - start;
  if (digits > 15 || (colons > 0 && (colons !== 2 || digits !== 8))) return 0;
  seconds += <f64>part;
  if (byte(at) === DOT) {
    const dot = at++;
    let scale: f64 = 1;
    part = 0;
    while (isDigit(byte(at))) {
      part = part * 10 + <i64>(byte(at++) - ZERO);
      scale *= 10;
    }
    if (at - dot === 1 || at - dot > 15) return 0;
    seconds += <f64>part / scale;
  }
  if (byte(at) !== SPACE) return 0;
  if (colons > 0) time = ofDay(seconds);
  else if (time !== NO_TIME) return at;
  else if (digits >= EPOCH_DIGITS) time = seconds;
  else {
    elapsedHere = elapsed + round(seconds * 1e9);
    time = elapsedHere / 1e9;
  }
  return at;
}

/** The first bytes of eight. */
function firstOf(word: u64, length: i32): u64 {
  return length >= 8 ? word : word & (((<u64>1) << ((<u64>length) << 3)) - 1);
}

/** Bytes to a place where there is room for seven more. */
function copy(to: i32, from: i32, length: i32): void {
  for (let i = 0; i < length; i += 8) store<u64>(to + i, load<u64>(from + i));
}

function afterSpaces(start: i32): i32 {
  let at = start;
  while (byte(at) === SPACE) at++;
  return at;
}

/** The entry of a name of up to 16 bytes, or where it would go. */
function nameSlot(start: i32, length: i32): i32 {
  const low = firstOf(load<u64>(start), length);
  const high = length <= 8 ? <u64>0 : firstOf(load<u64>(start + 8), length - 8);
  const hash = (low ^ (high * 31)) * HASH;
  let slot = <i32>(hash >> 56);
  while (true) {
    const at = Memory.Names + slot * Memory.NameBytes;
    if (load<i32>(at + 16) === 0) {
      store<u64>(at, low);
      store<u64>(at + 8, high);
      return at;
    }
    if (load<u64>(at) === low && load<u64>(at + 8) === high) return at;
    slot = (slot + 1) & (Memory.NameSlots - 1);
  }
}

/** What has been learnt of a name; 0 if nothing. Names are compared as if zeros followed them, so none may end with one. */
function codeOf(start: i32, length: i32): i32 {
  if (length > NAME_LONGEST || byte(start + length - 1) === 0) return 0;
  return load<i32>(nameSlot(start, length) + 16);
}

/** Remember the code of the name that is in SCRATCH. */
export function learn(length: i32, code: i32): void {
  const count = get(Memory.Report, Report.Names);
  if (length > NAME_LONGEST || count >= Memory.NameSlots / 2) return;
  const at = nameSlot(Memory.Scratch, length);
  if (load<i32>(at + 16) === 0) put(Memory.Report, Report.Names, count + 1);
  store<i32>(at + 16, code);
}

/** The entry of a thread; 0 if there is none, and none can be made. */
function threadOf(pid: i32): i32 {
  let slot = (pid * <i32>0x9e3779b1) >>> 24;
  while (true) {
    const at = Memory.Threads + slot * Memory.RecordBytes;
    const key = get(at, Field.Key);
    if (key === pid + 1) return at;
    if (key === 0) {
      const count = get(Memory.Report, Report.Threads);
      if (count >= THREADS_MAX) {
        stop = Stop.Any;
        return 0;
      }
      put(Memory.Report, Report.Threads, count + 1);
      put(at, Field.Key, pid + 1);
      return at;
    }
    slot = (slot + 1) & (Memory.ThreadSlots - 1);
  }
}

/** Say whether others have a first half of this thread that waits, and whether `[pid N]` says nothing new. */
export function mark(pid: i32, waits: i32, isKnown: i32): void {
  const at = threadOf(pid);
  if (at === 0) return;
  put(at, Field.State, waits ? Waiting.There : Waiting.No);
  put(at, Field.IsKnown, isKnown);
}

/**
 * The slot of a text in the memo, with FRESH if another one was there before.
 *
 * @param salt    tells apart texts that may be equal and mean different things
 * @param isWord  it is not a name: of these there are few
 */
function memo(start: i32, end: i32, salt: i32, isWord: bool): i32 {
  const length = end - start;
  if (length > MEMO_LONGEST) return (Memory.MemoSlots + Memory.MemoWordSlots) | FRESH;
  const word =
    length < 8
      ? firstOf(load<u64>(start), length)
      : load<u64>(end - 8) ^ rotl<u64>(load<u64>(start + ((length - 8) >> 1)), 29);
  const tag = <u64>length | ((<u64>salt) << 32);
  const bits = <i32>(((word ^ tag) * HASH) >> 40);
  const slot = isWord
    ? Memory.MemoSlots + (bits & (Memory.MemoWordSlots - 1))
    : bits & (Memory.MemoSlots - 1);
  const key = Memory.Memo + slot * Memory.MemoBytes;
  if (load<u64>(key) === tag) {
    let i = 0;
    while (i < length && firstOf(load<u64>(key + 8 + i) ^ load<u64>(start + i), length - i) === 0) i += 8;
    if (i >= length) return slot;
  }
  store<u64>(key, tag);
  copy(key + 8, start, length);
  return slot | FRESH;
}

function isMark(at: i32): bool {
  return (
    load<u64>(at) === UNFINI &&
    load<u64>(at + 8) === SHED &&
    byte(at + 16) === GREATER &&
    byte(at + 17) === NEWLINE
  );
}

/** `AT_FDCWD</cwd>, ` or `3</path>, ` or `3, `: where the name begins, or 0. */
function directory(start: i32): i32 {
  let at = start;
  if (load<u64>(at) === AT_FDCWD) at += 8;
  else {
    atCwd = 0;
    while (isDigit(byte(at))) at++;
    if (at === start) return 0;
  }
  if (byte(at) === LESS) {
    noteStart = ++at;
    if (byte(at) !== SLASH) return 0;
    at = find(at, GREATER, GREATER);
    if (byte(at) === NEWLINE) return 0;
    noteEnd = at;
    at++;
  }
  return pair(at) === COMMA_SPACE ? at + 2 : 0;
}

/** `) = …`: where the line ends, or 0. */
function outcome(start: i32, kind: i32): i32 {
  if (byte(start) !== CLOSE) return 0;
  let at = afterSpaces(start + 1);
  if (pair(at) !== EQUALS_SPACE) return 0;
  at += 2;
  shownStart = shownEnd = 0;
  const first = byte(at);
  if (first === MINUS) {
    if (byte(at + 1) === NEWLINE || byte(at + 2) !== SPACE) return 0;
    result = -1;
    shownStart = at + 3;
    shownEnd = at = find(shownStart, SPACE, SPACE);
    if (byte(at) === NEWLINE || at === shownStart) return 0;
  } else {
    if (!isDigit(first) || kind === Shape.Program) return 0;
    result = 0;
    const digits = at;
    while (isDigit(byte(at))) result = result * 10 + <i32>(byte(at++) - ZERO);
    if (at - digits > DIGITS_MAX) return 0;
    if (kind === Shape.Mode) {
      if (byte(at) === LESS) {
        shownStart = at + 1;
        if (byte(shownStart) !== SLASH) return 0;
        at = find(shownStart, GREATER, GREATER);
        shownEnd = at++;
      }
      // -T
      if (byte(at) !== NEWLINE && pair(at) !== SPACE_LESS) return 0;
    }
  }
  const end = find(at, NEWLINE, NEWLINE);
  // It cannot be over and go on.
  return pair(end - 2) === MARK_END ? 0 : end;
}

/** `FLAGS) = …` */
function flagsAndOutcome(start: i32, kind: i32): i32 {
  flagsStart = start;
  flagsEnd = findSpecial(start);
  return outcome(flagsEnd, kind);
}

/** `{st_mode=…, …}) = …` or `0x7f…, 0) = …`. */
function status(start: i32, kind: i32): i32 {
  let at = start;
  if (byte(at) === CURLY) {
    // Numbers and names of bits; of devices also a call, which is not read here.
    if (load<u32>(at) !== ST) return 0;
    at = findSpecial(at + 1);
    if (byte(at++) !== CLOSE_CURLY) return 0;
  } else {
    if (pair(at) !== HEXADECIMAL) return 0;
    at += 2;
    const digits = at;
    while (isDigit(byte(at)) || (byte(at) >= LOWER_A && byte(at) <= LOWER_F)) at++;
    if (at === digits) return 0;
  }
  if (kind === Shape.Status) return outcome(at, kind);
  return pair(at) === COMMA_SPACE ? flagsAndOutcome(at + 2, kind) : 0;
}

/** Put into the record what the memo knows of one of its texts. */
function remember(field: i32, salt: i32, isWord: bool): i32 {
  const start = get(record, field);
  const end = get(record, field + TO_END);
  const slot = start < end ? memo(start, end, salt, isWord) : -1;
  put(record, field + TO_SLOT, slot);
  return slot;
}

/** An access has been read; its first fields are those of `half`. */
function emit(half: i32, tailStart: i32, end: i32): void {
  const kind = get(half, Field.Code) & Shape.Mask;
  if (half !== record) {
    copy(record, half, Field.Shown << 2);
    store<f64>(record + (Field.Time << 2), load<f64>(half + (Field.Time << 2)));
    store<f64>(record + (Field.EndTime << 2), time);
  }
  put(record, Field.TailStart, tailStart);
  put(record, Field.End, end);
  put(record, Field.Result, result);
  put(record, Field.Shown, shownStart);
  put(record, Field.Shown + TO_END, shownEnd);
  const base = remember(Field.Note, 0, false);
  // What an absolute name means depends on no directory.
  const isAbsolute = byte(get(record, Field.Path)) === SLASH;
  remember(Field.Path, isAbsolute ? 0 : (base & (FRESH - 1)) + 1, false);
  remember(Field.Flags, kind === Shape.Mode ? 1 : 2, true);
  remember(Field.Shown, 0, result < 0);
  record += Memory.RecordBytes;
  events++;
}

/** Nobody wants this call. */
function pass(at: i32): i32 {
  const end = find(at, NEWLINE, NEWLINE);
  if (end >= limit) return 0;
  events++;
  return end;
}

/** What follows the path where a status comes next, here or in a second half: where the line ends, or 0. */
function statusPart(start: i32, kind: i32): i32 {
  let at = start;
  if (pair(at) === COMMA_SPACE) {
    at += 2;
    hasComma = 1;
  }
  // strace has printed the comma and a blank, and the mark begins with another.
  if (byte(at) === SPACE && isMark(at)) {
    bodyEnd = at;
    return at + MARK_BYTES;
  }
  return hasComma === 0 ? 0 : status(at, kind);
}

/** What follows the path where flags come next, or the arguments of a program: where the line ends, or 0. */
function flagsPart(start: i32, kind: i32): i32 {
  if (pair(start) !== COMMA_SPACE) return 0;
  flagsStart = start + 2;
  if (kind === Shape.Program) {
    const at = find(start + 2, NEWLINE, NEWLINE) - MARK_BYTES;
    // After `/* 36 vars */`.
    if (at <= flagsStart || pair(at - 2) !== COMMENT_END || !isMark(at)) return 0;
    bodyEnd = at;
    return at + MARK_BYTES;
  }
  const at = findSpecial(flagsStart);
  flagsEnd = at;
  if (byte(at) === CLOSE) return outcome(at, kind);
  bodyEnd = flagsEnd = at - 1;
  return bodyEnd <= flagsStart || !isMark(bodyEnd) ? 0 : bodyEnd + MARK_BYTES;
}

/** A call, or its first half; where its line ends, or 0. */
function call(pid: i32, lineNumber: f64, lineStart: i32, nameStart: i32, nameEnd: i32, code: i32): i32 {
  const kind = code & Shape.Mask;
  if (kind === Shape.Passed) return pass(nameEnd);
  stop = Stop.Own;
  if (kind === Shape.Full) return 0;
  let at = nameEnd + 1;
  noteEnd = 0;
  atCwd = 1;
  if ((code & Shape.At) !== 0) {
    at = directory(at);
    if (at === 0) return 0;
  }
  if (byte(at) !== QUOTE) return 0;
  const pathStart = at + 1;
  const pathEnd = find(pathStart, QUOTE, BACKSLASH);
  if (byte(pathEnd) !== QUOTE) return 0;
  hasComma = 0;
  bodyEnd = 0;
  flagsEnd = 0;
  const hasStatus = kind === Shape.Status || kind === Shape.StatusFlags;
  const end = hasStatus ? statusPart(pathEnd + 1, kind) : flagsPart(pathEnd + 1, kind);
  if (end === 0 || end >= limit) return 0;
  const half = bodyEnd === 0 ? record : waitingHalf(pid);
  if (half === 0) return 0;
  store<f64>(half + (Field.Line << 2), lineNumber);
  store<f64>(half + (Field.Time << 2), time);
  store<f64>(half + (Field.EndTime << 2), NO_TIME);
  put(half, Field.Pid, pid);
  put(half, Field.Code, code);
  put(half, Field.LineStart, lineStart);
  put(half, Field.NameStart, nameStart);
  put(half, Field.NameEnd, nameEnd);
  put(half, Field.LineEnd, end);
  put(half, Field.Path, pathStart);
  put(half, Field.Path + TO_END, pathEnd);
  putParts(half);
  if (bodyEnd === 0) {
    put(half, Field.BodyEnd, end);
    emit(half, 0, end);
  }
  return end;
}

/** Where the first half at hand waits for its second; 0 if it cannot. */
function waitingHalf(pid: i32): i32 {
  const half = threadOf(pid);
  if (half === 0 || get(half, Field.State) !== Waiting.No) return 0;
  put(half, Field.State, Waiting.Here);
  put(half, Field.HasComma, hasComma);
  put(half, Field.BodyEnd, bodyEnd);
  return half;
}

/** The parts of the call at hand, into its record or first half. */
function putParts(half: i32): void {
  put(half, Field.Note, noteStart);
  put(half, Field.Note + TO_END, noteEnd);
  put(half, Field.AtCwd, atCwd);
  put(half, Field.Flags, flagsStart);
  put(half, Field.Flags + TO_END, flagsEnd);
}

/** `<... NAME resumed>`, from after it; where the line ends, or 0. */
function secondHalf(pid: i32, code: i32, tailStart: i32): i32 {
  const kind = code & Shape.Mask;
  if (kind === Shape.Passed) return pass(tailStart);
  stop = Stop.Own;
  if (kind === Shape.Full) return 0;
  const half = threadOf(pid);
  if (half === 0) return 0;
  if (get(half, Field.State) !== Waiting.Here || get(half, Field.Code) !== code) return 0;
  let end: i32;
  if (kind === Shape.Status || kind === Shape.StatusFlags) {
    flagsEnd = 0;
    let at = tailStart;
    if (get(half, Field.HasComma) === 0) {
      if (pair(at) !== COMMA_SPACE) return 0;
      at += 2;
    }
    end = status(at, kind);
    put(half, Field.Flags, flagsStart);
    put(half, Field.Flags + TO_END, flagsEnd);
  } else end = outcome(tailStart, kind);
  if (end === 0 || end >= limit) return 0;
  put(half, Field.State, Waiting.No);
  emit(half, tailStart, end);
  return end;
}

/** Whether `[pid N]` is one that the reader of full lines wants to see. */
function isNews(isBracket: bool, pid: i32): bool {
  if (!isBracket) return false;
  stop = Stop.Own;
  const thread = threadOf(pid);
  return thread === 0 || get(thread, Field.IsKnown) === 0;
}

/** Whether the line is a signal, or the end of its thread: what only looks so may be the rest of another thread's call. */
function isOwnEvent(at: i32): bool {
  const begin = load<u32>(at);
  if (begin !== DASHES && begin !== PLUSES) return false;
  const end = load<u32>(find(at, NEWLINE, NEWLINE) - 4);
  if (begin === DASHES) return end === DASHES_END;
  const word = load<u64>(at + 4);
  return (
    end === PLUSES_END &&
    ((word === EXITED && load<u32>(at + 12) === EXITED_END) ||
      (word === KILLED && pair(at + 12) === KILLED_END))
  );
}

/** One line; where it ends, or 0. */
function line(start: i32, barePid: i32, lineNumber: f64): i32 {
  let at = start;
  let pid = barePid;
  stop = Stop.Any;
  stopPid = pid;
  const isBracket = load<u32>(at) === BRACKET && byte(at + 4) === SPACE;
  if (isBracket) at = afterSpaces(at + 5);
  const first = at;
  let number = 0;
  while (isDigit(byte(at)) && at - first < 8) number = number * 10 + <i32>(byte(at++) - ZERO);
  if (at > first) {
    if (isBracket && byte(at++) !== CLOSE_SQUARE) return 0;
    if (byte(at) === SPACE) {
      if (number > LARGEST_PID) return 0;
      pid = number;
      at = afterSpaces(at);
    } else at = first;
  }
  stopPid = pid;
  // -t, -tt, -ttt, -r
  time = NO_TIME;
  elapsedHere = elapsed;
  latestHere = latest;
  for (let times = 0; times < 2 && isDigit(byte(at)); times++) {
    at = readTime(at);
    if (at === 0) return 0;
    at = afterSpaces(at);
  }
  const code = byte(at);
  if (code === LESS) {
    if (load<u32>(at) !== DOTS || byte(at + 4) !== SPACE) return 0;
    const nameStart = at + 5;
    const nameEnd = find(nameStart, SPACE, SPACE);
    const known = codeOf(nameStart, nameEnd - nameStart);
    if (known === 0 || load<u64>(nameEnd + 1) !== RESUMED) return 0;
    return isNews(isBracket, pid) ? 0 : secondHalf(pid, known, nameEnd + 9);
  }
  if (code >= LOWER_A && code <= LOWER_Z) {
    const nameEnd = find(at, OPEN, SPACE);
    if (byte(nameEnd) !== OPEN) return 0;
    const known = codeOf(at, nameEnd - at);
    if (known === 0) return 0;
    // Another line may be glued to it: `close(7 ` and what begins one, but not ` <unfinished ...>`.
    let digits = nameEnd + 1;
    while (isDigit(byte(digits))) digits++;
    if (digits > nameEnd + 1 && byte(digits) === SPACE && load<u16>(digits + 1) !== LESS_U) return 0;
    return isNews(isBracket, pid) ? 0 : call(pid, lineNumber, start, at, nameEnd, known);
  }
  if (isOwnEvent(at)) stop = Stop.Own;
  return 0;
}

/**
 * Read the lines from `start`, until there are so many records, one must be read in full, or one is not all there.
 *
 * @param lineNumber  of the first line
 */
export function scan(start: i32, end: i32, barePid: i32, lineNumber: f64, wanted: i32): i32 {
  record = Memory.Records;
  limit = end;
  events = 0;
  elapsed = load<f64>(CLOCK);
  latest = load<f64>(CLOCK + 8);
  firstTime = load<f64>(CLOCK + 16);
  const full = Memory.Records + wanted * Memory.RecordBytes;
  let at = start;
  let lines = 0;
  let why = Stop.Wanted;
  while (record < full) {
    const newline = line(at, barePid, lineNumber + <f64>lines);
    if (newline === 0) {
      if (stop === Stop.Own) put(Memory.Report, Report.Thread, threadOf(stopPid));
      why = find(at, NEWLINE, NEWLINE) >= end ? Stop.Incomplete : stop;
      break;
    }
    at = newline + 1;
    elapsed = elapsedHere;
    latest = latestHere;
    lines++;
  }
  put(Memory.Report, Report.Position, at);
  put(Memory.Report, Report.Lines, lines);
  put(Memory.Report, Report.Events, events);
  put(Memory.Report, Report.Stop, why);
  put(Memory.Report, Report.Pid, stopPid);
  store<f64>(CLOCK, elapsed);
  store<f64>(CLOCK + 8, latest);
  store<f64>(CLOCK + 16, firstTime);
  return (record - Memory.Records) / Memory.RecordBytes;
}
