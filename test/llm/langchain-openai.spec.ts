import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { assistantMessage } from '@adiuva/llm';
import { chatCompletions } from '../../libs/llm/src/providers/protocols/chat-completions.adapter';

const TOOL = { name: 'create_task', description: 'Creates', schema: { type: 'object', properties: {} } };
const MESSAGES = [
  new SystemMessage('Be brief'),
  new HumanMessage('Hi'),
  assistantMessage({ text: '', calls: [{ id: 'call_1', name: 'create_task', args: { title: 'Milk' } }] }),
  new ToolMessage({ tool_call_id: 'call_1', name: 'create_task', content: '{"ok":true}' }),
];

const request = (model: string): object =>
  chatCompletions({ origin: `openai:${model}`, model, maxOutputTokens: 77 }).request({
    messages: MESSAGES,
    tools: [TOOL],
    mustCall: 'create_task',
  });

describe('the requests that @langchain/openai writes', () => {
  it('are those of the version whose exports we rely on', () => {
    const manifest = readFileSync(join(__dirname, '../../node_modules/@langchain/openai/package.json'), 'utf8');
    expect(JSON.parse(manifest).version).toBe('1.5.8');
  });

  it('have messages, tools and limits in the form of chat completions', () => {
    expect(JSON.parse(JSON.stringify(request('gpt-4o')))).toEqual({
      model: 'gpt-4o',
      max_tokens: 77,
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: 'function', function: { name: 'create_task', description: 'Creates', parameters: TOOL.schema } }],
      tool_choice: { type: 'function', function: { name: 'create_task' } },
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'create_task', arguments: '{"title":"Milk"}' } },
          ],
        },
        expect.objectContaining({ role: 'tool', content: '{"ok":true}', tool_call_id: 'call_1' }),
      ],
    });
  });

  it('suit models that reason', () => {
    expect(request('o3')).toMatchObject({ max_completion_tokens: 77, messages: [{ role: 'developer' }, {}, {}, {}] });
  });
});
