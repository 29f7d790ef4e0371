import { OwnProviderRow } from './own-provider.entity';

export const PROVIDERS_ENTITIES = [OwnProviderRow] as const;
