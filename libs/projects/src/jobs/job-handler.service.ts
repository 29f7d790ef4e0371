import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { AgentRunner, JournalShape, type TurnContext } from '@adiuva/agents';
import { UserEncryption } from '@adiuva/auth';
import { stepAnswer, StepAgentRunner } from '@adiuva/automations';
import { Problem, type Principal } from '@adiuva/kernel';
import type { Tx } from '@adiuva/platform';
import type { OutputScrubber } from '@adiuva/prompts';
import { StepHandlers, type StepExecution, type StepHandler, type StepOutcome } from '@adiuva/runs';
import { isModelPhase, ProjectAgents, type ModelPhase } from '../agents/project-agents.service';
import { recordedCalls } from '../agents/recorded-calls';
import { absent, Workspace } from '../agents/workspace';
import { replayTexts } from '../agents/workspace.tools';
import { FileWriter } from '../files/file-writer.service';
import { ProjectFiles } from '../files/files.service';
import type { FileEntry, Project } from '../project';
import { Projects } from '../projects.service';
import { PHASES } from '../job';
import { earlierWork, findingsText, JobBodyShape, JobInputShape, merged, NO_RESULT, type JobBody } from './job-steps';
import { replayedWorkspace, SourceTexts } from './step-workspace';

/** Enough for a project of some dozen files within the model calls of one message. */
const ROUNDS = 12;
const MAX_KNOWN_FILES = 300;
const MAX_KNOWN_SPEC = 20_000;
const StateShape = z.object({ entries: JournalShape.default([]) });
const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

/** What an agent is asked in one phase; `version` is that of the project that it has seen. */
interface PhaseTask {
  readonly body: JobBody;
  readonly phase: ModelPhase;
  readonly input: Readonly<Record<string, unknown>>;
  readonly version: number;
  /** With what an earlier attempt has recorded. */
  readonly workspace: Workspace;
  readonly files: SourceTexts;
}

/** What the handler writes and reads of a project. */
@Injectable()
export class JobProjects {
  constructor(
    readonly projects: Projects,
    readonly files: ProjectFiles,
    readonly writer: FileWriter,
    readonly encryption: UserEncryption,
  ) {}
}

/** Executes the steps of a code job. Files are written in the transaction that ends a step, all or none. */
@Injectable()
export class JobHandler implements StepHandler, OnModuleInit {
  readonly kind = 'job';

  constructor(
    private readonly agentRunner: StepAgentRunner,
    private readonly runner: AgentRunner,
    private readonly agents: ProjectAgents,
    private readonly parts: JobProjects,
    private readonly handlers: StepHandlers,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  async execute(step: StepExecution, signal: AbortSignal): Promise<StepOutcome> {
    const body = JobBodyShape.parse(step.body);
    const { phase } = body;
    return isModelPhase(phase) ? this.ask(step, body, phase, signal) : this.check(step, body, signal);
  }

  private async ask(step: StepExecution, body: JobBody, phase: ModelPhase, signal: AbortSignal): Promise<StepOutcome> {
    const owner = { userId: step.userId };
    const input = JobInputShape.catch({}).parse(step.input);
    const project = await this.parts.projects.get(owner, body.projectId);
    const reader = await this.parts.files.reader(owner, body.projectId);
    const files = new SourceTexts(reader);
    const names = this.agents.toolNames(phase);
    const recorded = StateShape.parse(step.journal[0] ?? {}).entries;
    const replayed = await replayedWorkspace(files, recorded, names);
    const workspace = replayed ?? new Workspace(files);
    const known = knownOf(project, await reader.list());
    const material = { input: { user_profile: { project: known } }, texts: [input, files.takeTexts()] };
    const task = { body, phase, input, version: project.version, workspace, files };
    const work = (turn: TurnContext, scrubber: OutputScrubber) => this.answer(step, task, turn, scrubber);
    // Without what an earlier attempt recorded, the agent works again on the files as they are now.
    return this.agentRunner.run(replayed ? step : { ...step, journal: [] }, material, work, signal);
  }

  private async answer(
    step: StepExecution,
    { body, phase, input, version, workspace, files }: PhaseTask,
    turn: TurnContext,
    scrubber: OutputScrubber,
  ): Promise<StepOutcome> {
    const { caller } = turn;
    const { agent: role, projectId } = body;
    files.onRead = turn.addUserTexts;
    const names = this.agents.toolNames(phase);
    const mayLeave = async (text: string): Promise<boolean> => (await scrubber.actions([{ text }]))[0]?.text === text;
    await replayTexts(recordedCalls(turn.journal.entries, names), mayLeave, turn.addUserTexts);
    const agent = this.agents.agent(role, phase, workspace, mayLeave);
    const { result, previous } = earlierWork(step.results, (node) => PHASES[role][node]);
    const job = { agent, message: JSON.stringify(input), previousResults: previous, delegates: [], rounds: ROUNDS };
    const outcome = await stepAnswer(scrubber, (emit) => this.runner.run(job, turn, emit));
    if (outcome.kind !== 'done') return outcome;
    const own = {
      ...NO_RESULT,
      changes: [...workspace.changes],
      requirements_updated: workspace.requirements !== undefined,
    };
    return {
      ...outcome,
      output: { ...outcome.output, result: merged(result, own) },
      commit: (tx) => this.commit(tx, { owner: caller, projectId, version }, workspace),
    };
  }

  private async commit(
    tx: Tx,
    { owner, projectId, version }: { owner: Principal; projectId: string; version: number },
    workspace: Workspace,
  ): Promise<void> {
    const cipher = await this.parts.encryption.openIn(tx, owner.userId);
    const { fileChanges, requirements } = workspace;
    try {
      if (fileChanges.length > 0) await this.parts.writer.apply(tx, cipher, { owner, projectId }, fileChanges);
      if (requirements === undefined) return;
      const target = { owner, id: projectId, expected: [version] };
      await this.parts.projects.changeIn(tx, cipher, target, { requirementsSpec: requirements });
    } catch (error) {
      if (!(error instanceof Problem) || (error.code !== 'precondition_failed' && error.code !== 'not_found'))
        throw error;
      throw changedMeanwhile(error);
    }
  }

  private async check(step: StepExecution, { projectId, agent }: JobBody, signal: AbortSignal): Promise<StepOutcome> {
    const owner = { userId: step.userId };
    const reader = await this.parts.files.reader(owner, projectId);
    const entries = await reader.list();
    const { result } = earlierWork(step.results, (node) => PHASES[agent][node]);
    const changed = new Set(result.changes.map(({ path }) => path));
    const wanted = agent === 'code' ? entries.filter(({ path }) => changed.has(path)) : entries;
    async function* sources() {
      for (const { path } of wanted) {
        const file = await reader.read(path).catch(absent);
        if (file) yield file;
      }
    }
    const { checkFiles } = await import('../checks/check-files');
    const findings = await checkFiles(sources(), new Set(entries.map(({ path }) => path)), signal);
    const response = findings.length === 0 ? 'The checks found nothing.' : findingsText(findings);
    return {
      kind: 'done',
      output: { response, actions: [], result: merged(result, { ...NO_RESULT, findings }) },
      usage: NO_USAGE,
    };
  }
}

/** The project as its agents know it before they use a tool. */
function knownOf(project: Project, files: readonly FileEntry[]): Readonly<Record<string, unknown>> {
  const spec = project.requirementsSpec;
  const text = typeof spec === 'string' ? spec : spec === null ? null : JSON.stringify(spec);
  return {
    title: project.title,
    description: project.description,
    mode: project.mode,
    tech_stack: project.techStack,
    requirements_spec: text === null ? null : text.slice(0, MAX_KNOWN_SPEC),
    file_count: files.length,
    files: files.slice(0, MAX_KNOWN_FILES).map(({ path, sizeBytes }) => ({ path, size_bytes: sizeBytes })),
  };
}

function changedMeanwhile(cause?: unknown): Problem {
  return new Problem('conflict', { detail: 'A file was changed while the job worked on it', cause });
}
