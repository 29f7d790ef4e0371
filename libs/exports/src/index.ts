export { EXPORT_STATUSES } from './export.entity';
export { EXPORTS_ENTITIES } from './exports.entities';
export { ExportBuilder } from './export-builder.service';
export { jsonFile, jsonList, type ExportFile, type ExportSource } from './export-source';
export { ExportSources } from './export-sources.service';
export { ExportsErasure } from './exports.erasure';
export { ExportsJobs } from './exports.jobs';
export { ExportsModule } from './exports.module';
export { Exports, type AccountExport } from './exports.service';
