import { Module } from '@nestjs/common';
import { VectorsModule } from '@adiuva/vectors';
import { CollectionsController } from './collections.controller';
import { VectorsController } from './vectors.controller';

@Module({ imports: [VectorsModule], controllers: [CollectionsController, VectorsController] })
export class VectorsRoutesModule {}
