import { Module } from '@nestjs/common';
import { ProjectsModule } from '@adiuva/projects';
import { ProjectFilesController } from './project-files.controller';
import { ProjectsController } from './projects.controller';

@Module({ imports: [ProjectsModule], controllers: [ProjectsController, ProjectFilesController] })
export class ProjectsRoutesModule {}
