import { DagRow } from './dags/dag.entity';
import { GoalRow } from './goals/goal.entity';
import { ScheduleRow } from './goals/schedule.entity';

export const AUTOMATION_ENTITIES = [GoalRow, ScheduleRow, DagRow] as const;
