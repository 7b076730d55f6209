export { ArchiveError, type ArchiveErrorCode } from './archive-error.js';
export type { DateField } from './dates/find-dates.js';
export { bagTexts } from './deposit/bag.js';
export type {
  Author,
  Deposit,
  DepositFile,
  DepositImage,
  DepositInput,
  DepositMetadata,
  DepositMount,
  DepositRemainder,
  DepositRun,
  ExpectedContent,
  ExpectedFile,
  ExpectedSample,
  ReplayOptions,
  UsedSoftware,
} from './deposit/deposit.js';
export { depositTexts } from './deposit/deposit-texts.js';
export {
  type Replay,
  type ReplayArchiveOptions,
  type ReplayedRun,
  replayArchive,
} from './replay-archive.js';
export { type ArchiveCheck, type VerifyArchiveOptions, verifyArchive } from './verify-archive.js';
export { type WriteArchiveOptions, type WrittenArchive, writeArchive } from './write-archive.js';
