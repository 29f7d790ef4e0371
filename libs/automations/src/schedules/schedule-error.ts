import { Problem } from '@adiuva/kernel';

/** What is wrong with a schedule, and where: `position` counts characters of the expression from 1. */
export class ScheduleError extends Error {
  constructor(
    readonly member: 'expression' | 'timezone' | 'starts_at' | 'ends_at',
    message: string,
    readonly position?: number,
  ) {
    super(position === undefined ? message : `${message} at character ${position}`);
  }

  /** `path` is where the schedule is in the request. */
  toProblem(path = ''): Problem {
    return new Problem('invalid_schedule', {
      detail: this.message,
      errors: [{ field: `${path}${this.member}`, message: this.message }],
      ...(this.position === undefined ? {} : { members: { position: this.position } }),
    });
  }
}
