import { CustomAgentRow } from './agents/custom-agent.entity';
import { DagRow } from './dags/dag.entity';
import { GoalRow } from './goals/goal.entity';
import { ScheduleRow } from './goals/schedule.entity';
import { MemoryRow } from './memories/memory.entity';

export const AUTOMATION_ENTITIES = [GoalRow, ScheduleRow, DagRow, CustomAgentRow, MemoryRow] as const;
