import { Injectable } from '@nestjs/common';
import { ServerConfig } from '@adiuva/config';
import { JobRunner } from '@adiuva/platform';
import { Scheduler } from '@adiuva/automations';
import { NotificationWorker } from '@adiuva/notifications';
import { RunWorker } from '@adiuva/runs';
import { JobHandlers } from './job-handlers.service';

/** The background work of this process, as `WORKER_ROLES` says; runs and notifications have pools of their own, so that none waits for models. */
@Injectable()
export class Background {
  private isStopped = false;

  constructor(
    private readonly config: ServerConfig,
    private readonly jobs: JobRunner,
    private readonly handlers: JobHandlers,
    private readonly runs: RunWorker,
    private readonly scheduler: Scheduler,
    private readonly notifications: NotificationWorker,
  ) {}

  /** Of the jobs of the API process; `disabled` where they are left to other processes. */
  get state(): 'up' | 'down' | 'disabled' {
    if (!this.config.JOBS_IN_PROCESS) return 'disabled';
    return this.jobs.up ? 'up' : 'down';
  }

  /** Ends early where it is stopped meanwhile, or was before. */
  async start(): Promise<void> {
    const { WORKER_ROLES: roles } = this.config;
    if (roles.includes('jobs') && !this.isStopped) await this.jobs.start(this.handlers.all);
    if (roles.includes('notifications') && !this.isStopped) this.notifications.start();
    if (!roles.includes('runs') || this.isStopped) return;
    await this.runs.start();
    if (!this.isStopped) this.scheduler.start();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.scheduler.stop();
    await Promise.all([this.jobs.stop(), this.runs.stop(), this.notifications.stop()]);
  }
}
