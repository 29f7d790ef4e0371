import { PassThrough, Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { ZipFile } from 'yazl';
import { ProjectFiles } from './files.service';

/** The current files of a project as a zip archive. */
@Injectable()
export class ProjectArchive {
  constructor(private readonly files: ProjectFiles) {}

  /** One file is in memory at a time. A file that is deleted while the archive is made is empty in it. Throws `not_found` before the stream starts. */
  async open(owner: Principal, projectId: string): Promise<Readable> {
    const reader = await this.files.reader(owner, projectId);
    const entries = await reader.list();
    const zip = new ZipFile();
    for (const { path, version, updatedAt } of entries) {
      zip.addReadStreamLazy(path, { mtime: updatedAt }, (take) => {
        reader.readBytes(path, version).then(
          (content) => take(null, Readable.from([content])),
          (error: unknown) => {
            if (error instanceof Problem && error.code === 'not_found') take(null, Readable.from([]));
            else take(error, Readable.from([]));
          },
        );
      });
    }
    zip.end();
    const output = zip.outputStream.pipe(new PassThrough());
    zip.once('error', (error: Error) => output.destroy(error));
    return output;
  }
}
