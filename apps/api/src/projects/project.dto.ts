import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, Length } from 'class-validator';
import { z } from 'zod';
import {
  PROJECT_MODES,
  PROJECT_STATUSES,
  type NewProject,
  type Project,
  type ProjectChange,
  type ProjectMode,
  type ProjectStatus,
  type RequirementsSpec,
} from '@adiuva/projects';
import { EnumField, StringField, TIME } from '../edge/body/fields';
import { MatchesShape } from '../edge/body/matches-shape';
import { PageQuery } from '../edge/http/page.dto';

const TITLE_MAX = 200;
const DESCRIPTION_MAX = 4_000;
const STACK_MAX = 50;
const STACK_NAME_MAX = 100;
const SPEC_MAX = 100_000;
const SPEC: ApiPropertyOptions = {
  oneOf: [
    { type: 'string', maxLength: SPEC_MAX },
    { type: 'object', additionalProperties: true, nullable: true },
  ],
  description: `A text, or JSON of up to ${SPEC_MAX} characters`,
};
const SpecShape = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .nullable()
  .refine((spec) => JSON.stringify(spec).length <= SPEC_MAX, { message: `has more than ${SPEC_MAX} characters` });

class ProjectFieldsDto {
  @StringField({ optional: true, nullable: true, maxLength: DESCRIPTION_MAX })
  description?: string | null;

  @ApiPropertyOptional({ type: [String], maxItems: STACK_MAX, example: ['typescript', 'react'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(STACK_MAX)
  @IsString({ each: true })
  @Length(1, STACK_NAME_MAX, { each: true })
  tech_stack?: string[];
}

export class NewProjectDto extends ProjectFieldsDto {
  @StringField({ minLength: 1, maxLength: TITLE_MAX })
  title!: string;

  @EnumField(PROJECT_MODES, { description: '`build`: agents write files; `learn`: they ask and the user writes' })
  mode!: ProjectMode;

  toProject(): NewProject {
    return {
      title: this.title,
      description: this.description ?? null,
      mode: this.mode,
      techStack: this.tech_stack ?? [],
    };
  }
}

export class ChangeProjectDto extends ProjectFieldsDto {
  @StringField({ optional: true, minLength: 1, maxLength: TITLE_MAX })
  title?: string;

  @EnumField(PROJECT_MODES, { optional: true })
  mode?: ProjectMode;

  @EnumField(PROJECT_STATUSES, { optional: true })
  status?: ProjectStatus;

  @ApiPropertyOptional(SPEC)
  @IsOptional()
  @MatchesShape(SpecShape)
  requirements_spec?: RequirementsSpec;

  toChange(): ProjectChange {
    return {
      ...(typeof this.title === 'string' ? { title: this.title } : {}),
      ...(this.description === undefined ? {} : { description: this.description }),
      ...(this.mode ? { mode: this.mode } : {}),
      ...(this.status ? { status: this.status } : {}),
      ...(this.tech_stack ? { techStack: this.tech_stack } : {}),
      ...(this.requirements_spec === undefined ? {} : { requirementsSpec: this.requirements_spec }),
    };
  }
}

export class ListProjectsQuery extends PageQuery {
  @EnumField(PROJECT_STATUSES, { optional: true })
  status?: ProjectStatus;
}

export class ProjectDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  @ApiProperty({ enum: PROJECT_STATUSES })
  status!: ProjectStatus;

  @ApiProperty({ enum: PROJECT_MODES })
  mode!: ProjectMode;

  @ApiProperty()
  title!: string;

  @ApiProperty({ type: String, nullable: true })
  description!: string | null;

  @ApiProperty({ type: [String] })
  tech_stack!: string[];

  @ApiProperty(SPEC)
  requirements_spec!: RequirementsSpec;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Also the entity tag' })
  version!: number;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty(TIME)
  updated_at!: number;

  static of(project: Project): ProjectDto {
    const { id, userId, status, mode, title, description, version } = project;
    return {
      ...{ id, user_id: userId, status, mode, title, description, version },
      tech_stack: [...project.techStack],
      requirements_spec: project.requirementsSpec,
      created_at: project.createdAt.getTime(),
      updated_at: project.updatedAt.getTime(),
    };
  }
}
