import type {
  ChangeGoalDto,
  GoalDto,
  ListGoalsData,
  NewGoalDto,
  PlanGoalDto,
  RunGoalDto,
  SchedulePreviewDto,
  PreviewScheduleDto,
  StartedRunDto,
} from '../generated/types.gen';
import { ifMatch, type Http } from '../api/http';

export type GoalQuery = NonNullable<ListGoalsData['query']>;

/** Goals: work that runs on a schedule, or on request, while the app is closed. */
export class GoalsApi {
  constructor(private readonly http: Http) {}

  create(goal: NewGoalDto): Promise<GoalDto> {
    return this.http.json('POST', '/goals', { body: goal, idempotencyKey: crypto.randomUUID() });
  }

  list(query: GoalQuery = {}): Promise<GoalDto[]> {
    return this.http.json('GET', '/goals', { query });
  }

  get(id: string): Promise<GoalDto> {
    return this.http.json('GET', `/goals/${encodeURIComponent(id)}`);
  }

  /** With `version` only while the goal has it: 412 otherwise. */
  change(id: string, changes: ChangeGoalDto, version?: number): Promise<GoalDto> {
    return this.http.json('PATCH', `/goals/${encodeURIComponent(id)}`, { body: changes, headers: ifMatch(version) });
  }

  /** Cancels what runs, and removes schedules, runs and results. */
  async delete(id: string): Promise<void> {
    await this.http.json('DELETE', `/goals/${encodeURIComponent(id)}`);
  }

  /** The coach plans a goal in words: a run whose output has actions that create tasks, and schedules for reminders. */
  plan(request: PlanGoalDto): Promise<StartedRunDto> {
    return this.http.json('POST', '/goals/plan', { body: request, idempotencyKey: crypto.randomUUID() });
  }

  run(id: string, options: RunGoalDto = {}): Promise<StartedRunDto> {
    return this.http.json('POST', `/goals/${encodeURIComponent(id)}/run`, { body: options });
  }

  /** The next occurrences of a schedule. 422 `invalid_schedule` names the position of a fault. */
  preview(schedule: PreviewScheduleDto): Promise<SchedulePreviewDto> {
    return this.http.json('POST', '/schedules/preview', { body: schedule, readOnly: true });
  }
}
