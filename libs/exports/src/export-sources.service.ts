import type { ExportSource } from './export-source';

/** Every area that holds something of users; made by the application, which knows all libs. */
export class ExportSources {
  constructor(readonly all: readonly ExportSource[]) {}
}
