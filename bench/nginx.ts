import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** nginx as a file server that takes PUT (DAV) and gives GET, one worker, files under a folder of its own. */
export class Nginx {
  private constructor(
    readonly url: string,
    readonly files: string,
    private readonly root: string,
    private readonly child: ChildProcess,
  ) {}

  static isInstalled(): boolean {
    return spawnSync('nginx', ['-v']).status === 0;
  }

  static async start(port: number): Promise<Nginx> {
    if (!Nginx.isInstalled())
      execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'nginx-light'], { stdio: 'inherit' });
    const root = mkdtempSync(join(tmpdir(), 'adiuva-nginx-'));
    const files = join(root, 'files');
    for (const folder of ['files', 'body', 'logs']) mkdirSync(join(root, folder));
    chmodSync(root, 0o755);
    writeFileSync(join(root, 'nginx.conf'), configuration(root, files, port));
    const child = spawn('nginx', ['-p', root, '-c', join(root, 'nginx.conf'), '-e', join(root, 'logs/error.log')], {
      stdio: 'ignore',
    });
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 100; tries += 1) {
      const up = await fetch(url).then(
        () => true,
        () => false,
      );
      if (up) return new Nginx(url, files, root, child);
      await pause(50);
    }
    throw new Error('nginx did not start');
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGQUIT');
    await ended;
    rmSync(this.root, { recursive: true, force: true });
  }
}

function configuration(root: string, files: string, port: number): string {
  return `
daemon off;
user root;
worker_processes 1;
pid ${root}/nginx.pid;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  client_max_body_size 0;
  client_body_temp_path ${root}/body;
  server {
    listen 127.0.0.1:${port};
    root ${files};
    location / { dav_methods PUT DELETE; create_full_put_path on; }
  }
}
`;
}
