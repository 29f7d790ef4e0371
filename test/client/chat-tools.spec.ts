import { ToolExecutor } from '../../libs/client/src/chat/chat-tools';

test('a device answers a repeated call once, and keeps the answers of the latest calls alone', async () => {
  const calls: unknown[] = [];
  const tools = { list_tasks: (input: unknown) => calls.push(input) };
  const executor = new ToolExecutor(tools, new AbortController().signal);
  const ask = (id: number) => executor.answer(`call-${id}`, 'list_tasks', { id });
  expect(await ask(0)).toEqual(await ask(0));
  expect(calls).toHaveLength(1);
  for (let id = 1; id <= 100; id += 1) await ask(id);
  await ask(100);
  expect(calls).toHaveLength(101);
  // So long ago that its connection is gone.
  await ask(0);
  expect(calls).toHaveLength(102);
});
