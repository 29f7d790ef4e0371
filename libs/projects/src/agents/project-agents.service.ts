import { Injectable } from '@nestjs/common';
import type { Agent } from '@adiuva/agents';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import type { Phase, ProjectAgent } from '../job';
import { PHASE_INSTRUCTIONS, PROJECT_AGENT_PROMPT } from './project-agent.prompt';
import { Workspace } from './workspace';
import { toolsOf, workspaceTools, type TextCheck } from './workspace.tools';

export type ModelPhase = keyof typeof PHASE_INSTRUCTIONS;

const NO_FILES = { list: () => Promise.resolve([]), read: () => Promise.reject(new Error('there are no files')) };

/** The five agents that work on code projects: a prompt for each phase, and tools over the files of one project. */
@Injectable()
export class ProjectAgents {
  private readonly prompts: ReadonlyMap<ModelPhase, Prompt>;
  private readonly tools = workspaceTools(new Workspace(NO_FILES), () => Promise.resolve(true));

  constructor(registry: PromptRegistry) {
    registry.protectTools('projects', this.tools);
    this.prompts = new Map(
      modelPhases().map((phase) => [
        phase,
        registry.define(
          `projects.${phase}`,
          PROJECT_AGENT_PROMPT.replace('{{instructions}}', PHASE_INSTRUCTIONS[phase]),
        ),
      ]),
    );
  }

  /** Names of the tools of a phase; all run on the server. */
  toolNames(phase: ModelPhase): ReadonlySet<string> {
    return new Set(toolsOf(phase, this.tools).map(({ name }) => name));
  }

  agent(role: ProjectAgent, phase: ModelPhase, workspace: Workspace, mayLeave: TextCheck): Agent {
    const prompt = this.prompts.get(phase);
    if (!prompt) throw new Error('every phase has a prompt');
    const tools = toolsOf(phase, workspaceTools(workspace, mayLeave));
    return { name: role, description: '', prompt, tools, modelRole: role };
  }
}

export function isModelPhase(phase: Phase): phase is ModelPhase {
  return phase !== 'check';
}

function modelPhases(): ModelPhase[] {
  return Object.keys(PHASE_INSTRUCTIONS).filter((name): name is ModelPhase => name in PHASE_INSTRUCTIONS);
}
