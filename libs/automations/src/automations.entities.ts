import { GoalRow } from './goals/goal.entity';
import { ScheduleRow } from './goals/schedule.entity';

export const AUTOMATION_ENTITIES = [GoalRow, ScheduleRow] as const;
