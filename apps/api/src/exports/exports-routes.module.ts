import { Module } from '@nestjs/common';
import { ExportsModule } from '@adiuva/exports';
import { ExportsController } from './exports.controller';

@Module({ imports: [ExportsModule], controllers: [ExportsController] })
export class ExportsRoutesModule {}
