import { z } from 'zod';
import { countBy, weeklyTrend, weeklyReport } from './analytics';
import { filterByFields } from './row-filters';
import { aggregateTool } from './tool';

/** The read tools of other agents that the client knows, by the kind of rows that they give. */
const SOURCES = { tasks: 'list_tasks', projects: 'list_all_projects', checkpoints: 'list_checkpoints' };

export const ANALYTICS_TOOLS = [
  aggregateTool(
    'count_items',
    'Counts tasks, projects or checkpoints, in groups where wanted.',
    z.object({
      table: z.enum(['tasks', 'projects', 'checkpoints']).describe('What is counted'),
      group_by: z
        .enum(['status', 'priority', 'project_id', 'client_id'])
        .describe('One count for each value')
        .optional(),
      status: z.string().max(64).describe('Only those of this status').optional(),
      project_id: z.string().max(256).describe('Only those of this project').optional(),
    }),
    SOURCES,
    ({ table, group_by, ...wanted }, rows) => countBy(filterByFields(rows(table), wanted, Infinity), group_by),
  ),
  aggregateTool(
    'show_trends',
    'Shows how many tasks were made and finished in each of the last weeks.',
    z.object({ weeks: z.int().min(1).max(26).describe('How many weeks; 4 unless told otherwise').optional() }),
    { tasks: SOURCES.tasks },
    ({ weeks = 4 }, rows, { now }) => weeklyTrend(rows('tasks'), now, weeks),
  ),
  aggregateTool(
    'weekly_report',
    'Gives the figures of a weekly report: what was done, what is overdue, what comes next.',
    z.object({}),
    SOURCES,
    (_, rows, { now }) => weeklyReport(rows('tasks'), rows('projects'), rows('checkpoints'), now),
  ),
] as const;
