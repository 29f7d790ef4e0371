import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { MAX_FILE_BYTES, type ChangedFile, type FileEntry, type ProjectFile } from '@adiuva/projects';
import { IntegerField, StringField, TIME } from '../edge/body/fields';

/** The rules of a path are those of `parseFilePath`; this only bounds what it is given. */
const PATH_INPUT_MAX = 4_096;
const MAX_VERSION = 2_147_483_647;
const LANGUAGE = /^[A-Za-z0-9+#._-]{1,50}$/;
const PATH = {
  minLength: 1,
  maxLength: PATH_INPUT_MAX,
  description: 'Relative, `/` between segments, 1 to 512 characters in Unicode normal form C',
} as const;

export class ListFilesQuery {
  @StringField({
    optional: true,
    maxLength: PATH_INPUT_MAX,
    description: 'Only files whose path starts with this text',
  })
  prefix?: string;
}

export class FileQuery {
  @ApiProperty(PATH)
  @IsString()
  @MaxLength(PATH_INPUT_MAX)
  path!: string;

  @IntegerField({ optional: true, minimum: 1, maximum: MAX_VERSION })
  @Type(() => Number)
  version?: number;
}

export class WriteFileDto {
  @ApiProperty(PATH)
  @IsString()
  @MaxLength(PATH_INPUT_MAX)
  path!: string;

  @ApiProperty({ description: 'Text of at most 1 MiB in UTF-8', maxLength: MAX_FILE_BYTES })
  @IsString()
  content!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    pattern: LANGUAGE.source,
    description: 'By the name of the file where it is absent',
  })
  @IsOptional()
  @Matches(LANGUAGE)
  language?: string | null;
}

export class FileEntryDto {
  @ApiProperty()
  path!: string;

  @ApiProperty()
  language!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  size_bytes!: number;

  @ApiProperty({ description: 'SHA-256 of the content in hex' })
  checksum!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;

  @ApiProperty(TIME)
  updated_at!: number;

  static of({ path, language, sizeBytes, checksum, version, updatedAt }: FileEntry): FileEntryDto {
    return { path, language, size_bytes: sizeBytes, checksum, version, updated_at: updatedAt.getTime() };
  }
}

export class FileListDto {
  @ApiProperty({ format: 'uuid' })
  project_id!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  count!: number;

  @ApiProperty({ type: [FileEntryDto] })
  files!: FileEntryDto[];
}

export class FileDto extends FileEntryDto {
  @ApiProperty()
  content!: string;

  static override of(file: ProjectFile): FileDto {
    return { ...FileEntryDto.of(file), content: file.content };
  }
}

export class WrittenFileDto {
  @ApiProperty()
  path!: string;

  @ApiProperty()
  content!: string;

  @ApiProperty()
  language!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Also the entity tag' })
  version!: number;

  static of({ path, language, version }: ChangedFile, content: string): WrittenFileDto {
    return { path, content, language, version };
  }
}
