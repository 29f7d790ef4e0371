import { Module } from '@nestjs/common';
import { AgentsModule } from '@adiuva/agents';
import { AuthModule } from '@adiuva/auth';
import { AutomationsModule } from '@adiuva/automations';
import { PromptsModule } from '@adiuva/prompts';
import { QuotaModule } from '@adiuva/quota';
import { RunsModule } from '@adiuva/runs';
import { ProjectAgents } from './agents/project-agents.service';
import { ProjectArchive } from './files/archive.service';
import { FileWriter } from './files/file-writer.service';
import { ProjectFiles } from './files/files.service';
import { JobHandler, JobProjects } from './jobs/job-handler.service';
import { ProjectJobs } from './jobs/jobs.service';
import { ProjectsErasure } from './projects.erasure';
import { Projects } from './projects.service';

@Module({
  imports: [AgentsModule, AuthModule, AutomationsModule, PromptsModule, QuotaModule, RunsModule],
  providers: [
    FileWriter,
    JobHandler,
    JobProjects,
    ProjectAgents,
    ProjectArchive,
    ProjectFiles,
    ProjectJobs,
    Projects,
    ProjectsErasure,
  ],
  exports: [ProjectArchive, ProjectFiles, ProjectJobs, Projects, ProjectsErasure],
})
export class ProjectsModule {}
