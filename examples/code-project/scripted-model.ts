import { FakeOpenAi, type CompletionRequest, type Script } from '../../test/support/fakes/models/fake-openai';

/** The calls of a step by the tool that it alone has; every step then says that it is done. */
const CALLS: Readonly<Record<string, Script['calls']>> = {
  update_requirements: [
    { name: 'update_requirements', arguments: { requirements_spec: '# Recipe box\n\nFind recipes by an ingredient.' } },
  ],
  delete_file: [
    {
      name: 'edit_file',
      arguments: {
        path: 'src/search.ts',
        old_text: 'return [];',
        new_text: 'return recipes.filter(({ ingredients }) => ingredients.includes(ingredient));',
      },
    },
  ],
  write_file: [
    {
      name: 'write_file',
      arguments: {
        path: 'src/recipe.ts',
        content: 'export interface Recipe {\n  name: string;\n  ingredients: string[];\n}\n',
      },
    },
    {
      name: 'write_file',
      arguments: {
        path: 'src/search.ts',
        content:
          "import type { Recipe } from './recipe';\n\nexport function search(recipes: Recipe[], ingredient: string): Recipe[] {\n  return [];\n}\n",
      },
    },
  ],
};

/** A local model that always builds the same small project, so that the example runs without an account of a provider. */
export function startScriptedModel(): Promise<FakeOpenAi> {
  return FakeOpenAi.start(answer);
}

function answer({ messages, tools = [] }: CompletionRequest): Script {
  const offered = new Set(tools.map((tool) => tool.function.name));
  const isFirst = !messages.some(({ role }) => role === 'assistant');
  const own = Object.keys(CALLS).find((name) => offered.has(name));
  const calls = own === undefined ? undefined : CALLS[own];
  return isFirst && calls ? { calls } : { text: 'Done.' };
}
