import type { FactoryProvider } from '@nestjs/common';
import { ExportBuilder, ExportSources, ExportsErasure, ExportsJobs } from '@adiuva/exports';
import { EXPORT_SERVICES, type ExportServices } from './export-services';
import { exportSources } from './export-sources';

const NAMES = Object.keys(EXPORT_SERVICES);

const SOURCES: FactoryProvider<ExportSources> = {
  provide: ExportSources,
  useFactory: (...services: readonly unknown[]) => {
    const byName = Object.fromEntries(NAMES.map((name, index) => [name, services[index]]));
    return new ExportSources(exportSources(byName as ExportServices));
  },
  inject: Object.values(EXPORT_SERVICES),
};

export const EXPORT_PROVIDERS = [SOURCES, ExportBuilder, ExportsErasure, ExportsJobs];
