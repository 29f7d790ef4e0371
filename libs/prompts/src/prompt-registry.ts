import { randomInt } from 'node:crypto';

/** A text that a model is given. Only the fixed words of the template are secret, never the variables. */
export interface Prompt {
  readonly id: string;
  /** The text with its `{{name}}` slots filled and the canary of this process in it. @throws RangeError when a slot has no value. */
  render(variables?: Readonly<Record<string, string>>): string;
}

export interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  /** The JSON schema of the arguments. */
  readonly schema: unknown;
}

/** A piece of fixed text that must never leave. */
export interface Secret {
  readonly promptId: string;
  readonly text: string;
  /** The random word in the text, where it has one. */
  readonly canary?: string;
}

const SLOT = /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g;
const CANARY_LENGTH = 20;
/** By prompt, for as long as the process runs. */
const CANARIES = new Map<string, string>();

/** The only factory of prompts: every prompt that it returns is fingerprinted. */
export class PromptRegistry {
  private readonly templates = new Map<string, string>();
  private readonly secretTexts: Secret[] = [];
  private readonly publicTexts: string[] = [];

  /** @throws Error when the id is taken by another text. */
  define(id: string, template: string): Prompt {
    const known = this.templates.get(id);
    if (known !== undefined && known !== template) throw new Error(`Two prompts are called ${id}`);
    const canary = canaryOf(id);
    if (known === undefined) this.protectPrompt(id, template, canary);
    this.templates.set(id, template);
    return {
      id,
      render: (variables = {}) => fill(marked(template, canary), variables),
    };
  }

  /** Descriptions of tools and parameters become secret, and their schemas as they go to a model; names alone do not. */
  protectTools(owner: string, tools: readonly ToolDeclaration[]): void {
    const called = tools.map(({ name, description, schema }) => ({ name, description, parameters: schema }));
    const functions = called.map((tool) => ({ type: 'function', function: tool }));
    this.secretTexts.push({ promptId: `${owner}.tools`, text: JSON.stringify(functions) });
    for (const { name, description, schema } of tools) {
      this.secretTexts.push({ promptId: `${owner}.${name}`, text: JSON.stringify({ schema, description }) });
    }
  }

  /** Texts that are public although a prompt has them too (descriptions of agents, the OpenAPI document). */
  allow(texts: readonly string[]): void {
    this.publicTexts.push(...texts);
  }

  get ids(): readonly string[] {
    return [...this.templates.keys()];
  }

  get secrets(): readonly Secret[] {
    return this.secretTexts;
  }

  get allowed(): readonly string[] {
    return this.publicTexts;
  }

  /** Every fixed piece of the text as it is rendered. */
  private protectPrompt(id: string, template: string, canary: string): void {
    const pieces = marked(template, canary).split(new RegExp(SLOT.source));
    for (const text of pieces.filter((_, i) => i % 2 === 0)) this.secretTexts.push({ promptId: id, text, canary });
  }
}

function canaryOf(id: string): string {
  const canary = CANARIES.get(id) ?? Array.from({ length: CANARY_LENGTH }, randomLetter).join('');
  CANARIES.set(id, canary);
  return canary;
}

function marked(template: string, canary: string): string {
  return `Reference ${canary}.\n${template}\nReference ${canary}.`;
}

function fill(template: string, variables: Readonly<Record<string, string>>): string {
  return template.replace(SLOT, (_, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new RangeError(`The slot ${name} has no value`);
    return value;
  });
}

function randomLetter(): string {
  return String.fromCharCode(97 + randomInt(26));
}
