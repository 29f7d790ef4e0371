import { AgentCatalogue, ChatContextShape, type AgentTool } from '@adiuva/agents';
import { PromptRegistry } from '@adiuva/prompts';
import { ENTITY_DEFINITIONS } from '../../libs/offline-assistant/src/entities/entity-definitions';

const CONTEXT = { context: ChatContextShape.parse({}), now: new Date(0), agents: [], newId: () => 'new' };
const catalogue = new AgentCatalogue(new PromptRegistry());
const names = (tools: readonly AgentTool[], action: string) =>
  tools.filter(({ name, kind }) => kind === 'write' && name.startsWith(`${action}_`)).map(({ name }) => name);
const deletions = catalogue.of('team').flatMap(({ tools }) => names(tools, 'delete'));

/** The table in the action of a tool that deletes. */
function tableOf(name: string): string | null {
  const tool = catalogue
    .of('team')
    .flatMap(({ tools }) => tools)
    .find((candidate) => candidate.name === name);
  if (tool?.kind !== 'write') throw new Error(`${name} does not write`);
  const [id = ''] = Object.keys(Object(Object(tool.schema).properties));
  return tool.act({ [id]: 'one' }, CONTEXT).table;
}

describe('the records that agents delete', () => {
  it.each(deletions)('by %s are of a table that plans may name', (name) => {
    expect(catalogue.tables).toContain(tableOf(name));
  });

  it.each(deletions)('by %s are known to the offline assistant', (name) => {
    const known = Object.values(ENTITY_DEFINITIONS).flatMap(({ tools }) => tools.delete ?? []);
    expect(known.some((pattern) => pattern.test(name))).toBe(true);
  });
});
