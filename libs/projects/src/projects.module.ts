import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { QuotaModule } from '@adiuva/quota';
import { RunsModule } from '@adiuva/runs';
import { ProjectArchive } from './files/archive.service';
import { FileWriter } from './files/file-writer.service';
import { ProjectFiles } from './files/files.service';
import { ProjectsErasure } from './projects.erasure';
import { Projects } from './projects.service';

@Module({
  imports: [AuthModule, QuotaModule, RunsModule],
  providers: [FileWriter, ProjectArchive, ProjectFiles, Projects, ProjectsErasure],
  exports: [ProjectArchive, ProjectFiles, Projects, ProjectsErasure],
})
export class ProjectsModule {}
