import { AccountExportRow } from './export.entity';

export const EXPORTS_ENTITIES = [AccountExportRow] as const;
