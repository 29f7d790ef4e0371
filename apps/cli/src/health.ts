import { Environment, ServerConfig } from '@adiuva/config';

/** For health checks of containers: exits with 0 where an address, by default the liveness of the API process, answers 2xx within 3 s. */
async function isHealthy(address: string): Promise<boolean> {
  return fetch(address, { signal: AbortSignal.timeout(3_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

const { PORT: port } = new ServerConfig(Environment.ofProcess());
void isHealthy(process.argv[2] ?? `http://127.0.0.1:${port}/api/v1/health`).then((ok) => process.exit(ok ? 0 : 1));
