import type { FactoryProvider } from '@nestjs/common';
import { ExportBuilder, ExportSources, ExportsErasure, ExportsJobs } from '@adiuva/exports';
import { EXPORT_READERS, ExportServices } from './export-services';
import { exportSources } from './export-sources';

const SOURCES: FactoryProvider<ExportSources> = {
  provide: ExportSources,
  useFactory: (services: ExportServices) => new ExportSources(exportSources(services)),
  inject: [ExportServices],
};

export const EXPORT_PROVIDERS = [...EXPORT_READERS, SOURCES, ExportBuilder, ExportsErasure, ExportsJobs];
