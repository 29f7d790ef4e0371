import { ENTITY_DEFINITIONS, type Action } from '../entities/entity-definitions';
import type { EntityType } from '../lexicon/lexicon';

/** A tool as it was bound: its name and the JSON schema of its arguments. */
export interface OfferedTool {
  readonly name: string;
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required: readonly string[];
}

export interface PropertySchema {
  readonly types: readonly string[];
  readonly values: readonly unknown[];
  readonly format: string;
}

/** The bound tool that carries the command out. */
export function toolFor(
  command: { readonly action: Action; readonly type: EntityType },
  offered: readonly OfferedTool[],
): OfferedTool | undefined {
  for (const name of ENTITY_DEFINITIONS[command.type].tools[command.action] ?? []) {
    const tool = offered.find((candidate) => name.test(candidate.name));
    if (tool) return tool;
  }
  return undefined;
}
