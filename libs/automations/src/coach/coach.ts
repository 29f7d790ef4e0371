import { z } from 'zod';

/** The agents of the coach that ask a model, in the order of the graph. */
export const COACH_AGENTS = ['goal_planner', 'classifier', 'scheduler', 'pattern_observer'] as const;
export type CoachAgentName = (typeof COACH_AGENTS)[number];

/** The step that makes tasks of what the agents gave. */
export const TASKS_STEP = 'tasks';

export const CATEGORIES = ['health', 'work', 'learning', 'finance', 'home', 'people', 'leisure', 'other'] as const;
export const MAX_TASKS = 20;

/** What a coach run is started with. */
export const CoachInputShape = z.object({
  text: z.string(),
  timezone: z.string(),
  recent_tasks: z.array(z.record(z.string(), z.unknown())),
});
export type CoachInput = z.infer<typeof CoachInputShape>;

/** The body of a step of the coach's graph; sealed in the run. */
export const CoachStepShape = z.strictObject({ coach: z.enum([...COACH_AGENTS, TASKS_STEP]) });

/** Models write `null` for what they do not give. */
const optional = <T extends z.ZodType>(shape: T) => shape.nullish().transform((value) => value ?? undefined);
const position = z.number().int().min(0).describe('The position of the task in the list of tasks, from 0');
const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/);

export const PlanShape = z.object({
  title: z.string().trim().min(1).max(120).describe('The goal in a few words'),
  summary: optional(z.string().max(1_000)).describe('One or two sentences about the plan'),
  tasks: z
    .array(
      z.object({
        title: z.string().trim().min(1).max(200).describe('What to do, as an imperative without dates'),
        description: optional(z.string().max(2_000)),
        timing: optional(z.string().max(4_000)).describe('When or how often, in words'),
      }),
    )
    .min(1)
    .max(MAX_TASKS),
});
export type Plan = z.infer<typeof PlanShape>;

export const ClassesShape = z.object({
  tasks: z
    .array(z.object({ task: position, category: z.enum(CATEGORIES), priority: z.enum(['high', 'medium', 'low']) }))
    .max(MAX_TASKS),
});
export type Classes = z.infer<typeof ClassesShape>;

export const TimetableShape = z.object({
  tasks: z
    .array(
      z.object({
        task: position,
        due: optional(z.string().max(40)).describe('ISO 8601 on the clock of the user, such as 2030-05-31T18:00'),
        recurrence: optional(z.string().max(300)).describe('RRULE of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO'),
        reminder: optional(clockTime).describe('HH:MM on the clock of the user'),
      }),
    )
    .max(MAX_TASKS),
});
export type Timetable = z.infer<typeof TimetableShape>;

export const PatternsShape = z.object({
  reminder: optional(clockTime).describe('HH:MM at which the user finishes tasks most often'),
  duplicates: z.array(position).max(MAX_TASKS).describe('Planned tasks that exist already'),
  observations: z.array(z.string().max(300)).max(5),
});
export type Patterns = z.infer<typeof PatternsShape>;
