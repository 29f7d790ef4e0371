import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { ExportBuilder } from './export-builder.service';
import { BUILD_EXPORT } from './exports.service';

@Injectable()
export class ExportsJobs {
  readonly handlers: readonly JobHandler[];

  constructor(builder: ExportBuilder) {
    this.handlers = [
      jobHandler(BUILD_EXPORT, ({ exportId }, signal) => builder.build(exportId, signal)),
      jobHandler(jobKind('sweep_exports', z.unknown()), () => builder.sweep(), '*/15 * * * *'),
      jobHandler(
        jobKind('sweep_export_objects', z.unknown()),
        async () => void (await builder.sweepObjects()),
        '7 4 * * *',
      ),
    ];
  }
}
