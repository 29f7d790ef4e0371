import { Module } from '@nestjs/common';
import { ProjectsModule } from '@adiuva/projects';
import { RunsRoutesModule } from '../runs/runs-routes.module';
import { JobsController } from './jobs.controller';
import { ProjectFilesController } from './project-files.controller';
import { ProjectsController } from './projects.controller';

@Module({
  imports: [ProjectsModule, RunsRoutesModule],
  controllers: [ProjectsController, ProjectFilesController, JobsController],
})
export class ProjectsRoutesModule {}
