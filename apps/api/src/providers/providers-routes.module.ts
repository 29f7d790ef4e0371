import { Module } from '@nestjs/common';
import { ProvidersModule } from '@adiuva/providers';
import { ProvidersController } from './providers.controller';

@Module({ imports: [ProvidersModule], controllers: [ProvidersController] })
export class ProvidersRoutesModule {}
