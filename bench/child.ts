import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './server';

/** What /proc counts CPU time in. */
const TICK_MS = 10;

export interface Child {
  readonly url: string;
  readonly process: ChildProcess;
}

/** A file of this folder in a process of its own, listening on `PORT`. */
export async function startChild(file: string, settings: Record<string, string> = {}): Promise<Child> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['--require', resolve(__dirname, '../test/support/typescript.js'), join(__dirname, file)],
    { env: { ...process.env, PORT: String(port), ...settings }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  for (let tries = 0; !(await listens(port)); tries += 1) {
    if (tries > 200) throw new Error(`${file} does not listen`);
    await pause(50);
  }
  return { url: `http://127.0.0.1:${port}`, process: child };
}

/** CPU time of a process so far, in milliseconds. Linux only. */
export function cpuMs(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory of a process, in megabytes of 10^6 bytes. Linux only. */
export function residentMb(child: ChildProcess): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
  return (Number(line?.[1]) * 1024) / 1e6;
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
