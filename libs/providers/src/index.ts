export { OwnProviders, type ProviderView } from './own-providers.service';
export { PROVIDERS_ENTITIES } from './providers.entities';
export { ProvidersErasure } from './providers.erasure';
export { ProvidersModule } from './providers.module';
