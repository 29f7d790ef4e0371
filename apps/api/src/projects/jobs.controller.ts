import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res, type StreamableFile } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { ProjectJobs } from '@adiuva/projects';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, JsonLimit, Opaque, type EdgeResponse, RateGroup } from '../edge/principal';
import { RunEventStream } from '../runs/run-event-stream.service';
import { INPUT_MAX_BYTES, JobDto, JobListDto, ListJobsQuery, RunAgentDto, StartedJobDto } from './job.dto';

/** The input, where JSON escapes much of it, with the other fields. */
const BODY_MAX = 2 * INPUT_MAX_BYTES;

// Results are cleaned of prompts where they are made, with what the user has given for the job.
@ApiTags('projects')
@Opaque()
@Controller()
export class JobsController {
  constructor(
    private readonly jobs: ProjectJobs,
    private readonly streams: RunEventStream,
  ) {}

  @RateGroup('compute')
  @Post('run-agent')
  @IdempotencyKey('atomic')
  @HttpCode(202)
  @JsonLimit(BODY_MAX)
  @ApiOperation({
    summary: 'Let an agent work on a code project',
    description:
      'The job is queued as a durable run of kind `job`. `research` writes the requirements, `wireframe` a tree of files with contracts, `code` changes ' +
      'files, `qa` reviews and checks, `pedagogy` asks questions and writes nothing. Without a language model only the checks of `qa` are available (501).',
  })
  @ApiAcceptedResponse({ type: StartedJobDto })
  @ApiPaymentRequiredResponse({ description: 'upgrade_required: agents that write need a plan with cloud storage' })
  async runAgent(@Caller() owner: Principal, @Body() body: RunAgentDto): Promise<StartedJobDto> {
    return StartedJobDto.of(await this.jobs.start(owner, body.project_id, body.agent_type, body.input_context));
  }

  @Get('jobs/:job_id')
  @ApiOperation({ summary: 'Read a job', description: 'With its result when it is completed.' })
  @ApiOkResponse({ type: JobDto })
  async getJob(@Caller() owner: Principal, @Param('job_id', IdPipe) id: string): Promise<JobDto> {
    return JobDto.of(await this.jobs.get(owner, id));
  }

  @Get('jobs/:project_id/list')
  @ApiOperation({ summary: 'List the jobs of a project', description: 'Newest first.' })
  @ApiOkResponse({ type: JobListDto })
  async listJobs(
    @Caller() owner: Principal,
    @Param('project_id', IdPipe) projectId: string,
    @Query() { limit }: ListJobsQuery,
  ): Promise<JobListDto> {
    const jobs = (await this.jobs.list(owner, projectId, limit)).map((job) => JobDto.of(job));
    return { project_id: projectId, count: jobs.length, jobs };
  }

  @Post('jobs/:job_id/cancel')
  @IdempotencyKey('atomic')
  @HttpCode(202)
  @ApiOperation({ summary: 'Cancel a job', description: 'Files of the step that is executed are not written.' })
  @ApiAcceptedResponse({ type: JobDto })
  @ApiConflictResponse({ description: 'The job has ended' })
  async cancelJob(@Caller() owner: Principal, @Param('job_id', IdPipe) id: string): Promise<JobDto> {
    return JobDto.of(await this.jobs.cancel(owner, id));
  }

  @Get('jobs/:job_id/events')
  @ApiOperation({
    summary: 'Follow a job by server-sent events',
    description: 'The events of its run, see `GET /runs/{id}/events`.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async streamJobEvents(
    @Caller() owner: Principal,
    @Param('job_id', IdPipe) id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<StreamableFile> {
    await this.jobs.get(owner, id);
    return this.streams.open(owner, { runId: id }, lastEventId, response);
  }
}
