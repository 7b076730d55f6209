export { connectEngine, type Engine, type RunOptions, resolveEngineAddress } from '@keepset/docker-engine';
export type { Service } from '@keepset/tracer';
export { type AskRunningOptions, askRunning, type RunningAnswers, requireAnswered } from './ask-running.js';
export type { StatementOptions } from './attach-statements.js';
export { type CheckOptions, type CheckResult, checkLocked } from './check-locked.js';
export { type CompareImagesOptions, compareImages, compareListed } from './compare-images.js';
export { type DiagnoseOptions, type Diagnosis, diagnose } from './diagnose.js';
export { examineEngine, type Finding } from './examine-engine.js';
export { type Failure, type FailureCode, toFailure } from './failure.js';
export { type FlattenOptions, flatten } from './flatten.js';
export { type HardenImageOptions, hardenImage } from './harden-image.js';
export { type ImagePackages, listPackages, listSourcePackages } from './list-packages.js';
export type { FamilyKind, OverShrinkKind, OverShrinkSign } from './plan/signs/over-shrink-sign.js';
export type { NoteCode, ShrinkEvent, StageName, StageSeconds } from './progress.js';
export { describeHeldOut, type HeldOutRun } from './proof/held-out.js';
export { printDifference } from './proof/print-difference.js';
export { emitContext } from './publish/emit-context.js';
export type { MadeImage } from './publish/make-image.js';
export {
  type ComparedFile,
  compareFiles,
  type FileDifference,
  hashFile,
  readComparedFiles,
} from './recording/compared-files.js';
export { toImageUses, writeImageUses } from './recording/image-uses.js';
export {
  type ProveRecordingOptions,
  proveRecording,
  type RanContainer,
} from './recording/prove-recording.js';
export { readRecording } from './recording/read-recording.js';
export type { RecordedFacts, RecordedImage, RecordedRepair, Recording } from './recording/recording.js';
export {
  type ContainerDifference,
  PROOF_NAME,
  PROOF_VERSION,
  type ProofVerdict,
  type ProvedContainer,
  type ProvedRepair,
  type RecordingProof,
} from './recording/recording-proof.js';
export {
  IMAGES_NAME,
  readSmallImages,
  type SmallImage,
  type SmallImageOptions,
  type SmallImages,
  writeSmallImages,
} from './recording/small-images.js';
export { type LackingOptions, writeLacking } from './recording/write-lacking.js';
export { writeProof } from './recording/write-proof.js';
export { rewriteRecording, type WriteRecordingOptions, writeRecording } from './recording/write-recording.js';
export { type RestoreOptions, type RestoreResult, restore } from './restore.js';
export type { Expectation, Run } from './run/run.js';
export { restoreService, type SavedService, savedServiceShape } from './run/saved-service.js';
export { type SampleOptions, sampleRuns } from './sample-runs.js';
export { type ShrinkOptions, shrink } from './shrink.js';
export { ShrinkError, type ShrinkErrorCode } from './shrink-error.js';
export {
  type ShrinkEachOptions,
  type ShrinkRecordingOptions,
  type ShrunkImage,
  shrinkRecording,
} from './shrink-recording.js';
export type { ShrinkResult } from './shrink-result.js';
export { type ListedImage, listImage, listSource } from './source/list-image.js';
export type { TraceFiles } from './trace-file/replay.js';
export type { ShrinkStreams, TraceOptions } from './trace-options.js';
export { type TraceRunsOptions, traceRuns } from './trace-runs.js';
export { type TracedToFile, type TraceToFileOptions, traceToFile } from './trace-to-file.js';
