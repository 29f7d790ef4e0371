export { separateClauses, type SeparateClause } from './dialogue/clauses';
export { OfflineChatModel, type OfflineCallOptions } from './dialogue/offline.adapter';
export { INTERVIEW_TOPICS } from './dialogue/interview-texts';
export { compiledIndexes, warmUp } from './dialogue/warm-up';
export { readTiming, splitGoal, type GoalStep, type Timing } from './goals/goal-reader';
