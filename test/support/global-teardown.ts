export default async function tearDown(): Promise<void> {
  await (globalThis as { stopServer?: () => Promise<void> }).stopServer?.();
}
