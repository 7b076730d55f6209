export { doTask, type Worker } from './engines/do-task.js';
export { forEach } from './engines/for-each.js';
export { type KubernetesJob, kubernetesJob } from './engines/kubernetes-job.js';
export { type FleetPipeline, githubWorkflow, gitlabPipeline, PARTS_MAX } from './engines/pipelines.js';
export { type ChildOptions, runChild } from './engines/run-child.js';
export type { Job, ScheduledPlace, Scheduler, Submission } from './engines/scheduler.js';
export { type SlurmOptions, slurm } from './engines/slurm.js';
export {
  placeInSwarm,
  type SwarmContainer,
  type SwarmContainers,
  type SwarmEngine,
  type SwarmOptions,
  swarm,
} from './engines/swarm.js';
export { FleetError, type FleetErrorCode } from './fleet-error.js';
export { type ComparedTask, compareRounds, type RoundTasks } from './record/compare-rounds.js';
export { FleetRecord, type NewRound, type ReadFiles, readTask } from './record/fleet-record.js';
export type { Outcome, Round, Work } from './record/outcome.js';
export {
  type Cause,
  causesOf,
  type FleetSums,
  isToDo,
  type Limits,
  type StatusFacts,
  sumStatuses,
  TASK_STATES,
  type TaskState,
  type TaskStatus,
  taskStatuses,
} from './record/task-statuses.js';
export type { EndedCommand } from './record/to-outcome.js';
export {
  FleetPackages,
  type ResultPackage,
  type ResultsReport,
  type RoundStatuses,
  toFleetReport,
} from './report/to-fleet-report.js';
export { type PlanOptions, planTasks, type Task, type Workload } from './tasks/plan-tasks.js';
