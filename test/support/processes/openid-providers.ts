import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** Two real OpenID providers, with the client `adiuva`. */
export class OpenIdProviderProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly issuers: readonly [string, string],
  ) {}

  static async start(redirectUri: string): Promise<OpenIdProviderProcess> {
    const file = join(__dirname, 'openid-provider.mjs');
    const child = spawn(process.execPath, [file, redirectUri], { stdio: ['pipe', 'pipe', 'ignore'] });
    const line = await new Promise<string>((resolve, reject) => {
      let output = '';
      child.stdout.on('data', (bytes: Buffer) => {
        output += bytes.toString();
        const issuers = /^\[.*\]$/m.exec(output);
        if (issuers) resolve(issuers[0]);
      });
      child.once('exit', () => reject(new Error('the OpenID providers did not start')));
    });
    return new OpenIdProviderProcess(child, JSON.parse(line));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    await ended;
  }
}
