import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import type { Page } from '@adiuva/kernel';
import type { Finding, AuthorPlugin, AuthorVersion, Submitted } from '@adiuva/marketplace';
import { PluginManifestDto, RatingsDto } from './catalogue.dto';

const STATUSES = ['pending_review', 'in_review', 'approved', 'rejected', 'yanked'] as const;
const MILLISECONDS = 'Milliseconds since 1970';

/** A multipart body; read by its own adapter. */
export class SubmissionDto {
  @ApiProperty({
    description:
      'JSON: name, description, version, author, permissions, category, price_cents; an `id` is ignored. At most 64 KiB',
  })
  manifest!: string;

  @ApiProperty({ type: 'string', format: 'binary', description: 'A zip archive, at most PLUGIN_MAX_BYTES (10 MiB)' })
  package!: unknown;

  @ApiPropertyOptional({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the package; 400 `checksum_mismatch`' })
  checksum?: string;
}

export class SubmittedDto {
  @ApiProperty({ format: 'uuid' })
  plugin_id!: string;

  @ApiProperty()
  version!: string;

  @ApiProperty({ enum: ['pending_review'] })
  status!: 'pending_review';

  static of({ pluginId, version }: Submitted): SubmittedDto {
    return { plugin_id: pluginId, version, status: 'pending_review' };
  }
}

export class FindingDto {
  @ApiProperty({ description: 'A stable word, such as `secret` or `runs_code`' })
  rule!: string;

  @ApiProperty({ enum: ['error', 'warning'] })
  severity!: 'error' | 'warning';

  @ApiProperty({ type: 'string', nullable: true, description: 'The file inside the package' })
  file!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  line!: number | null;

  @ApiProperty()
  message!: string;

  static of({ rule, severity, file, line, message }: Finding): FindingDto {
    return { rule, severity, file, line, message };
  }
}

export class OwnVersionDto {
  @ApiProperty()
  version!: string;

  @ApiProperty({ enum: STATUSES })
  status!: (typeof STATUSES)[number];

  @ApiProperty({ type: 'string', nullable: true, description: "The reviewer's words" })
  reason!: string | null;

  @ApiProperty({ type: [FindingDto] })
  findings!: FindingDto[];

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  submitted_at!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: MILLISECONDS })
  decided_at!: number | null;

  static of(version: AuthorVersion): OwnVersionDto {
    return {
      version: version.version,
      status: version.state,
      reason: version.notes,
      findings: version.findings.map((finding) => FindingDto.of(finding)),
      submitted_at: version.submittedAt.getTime(),
      decided_at: version.decidedAt?.getTime() ?? null,
    };
  }
}

export class RatingWordsDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 })
  stars!: number;

  @ApiProperty({ type: 'string', nullable: true })
  text!: string | null;

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  rated_at!: number;
}

export class OwnPluginDto extends OmitType(PluginManifestDto, ['version']) {
  @ApiProperty({ type: 'string', nullable: true, description: 'The version that is served' })
  version!: string | null;

  @ApiProperty({ enum: STATUSES, description: 'Of the version submitted last' })
  status!: (typeof STATUSES)[number];

  @ApiProperty({ type: 'string', nullable: true, description: 'Note of the reviewer' })
  reason!: string | null;

  @ApiProperty({ enum: ['unpublished', 'listed', 'unlisted'] })
  listing!: AuthorPlugin['state'];

  @ApiProperty({ type: 'integer' })
  install_count!: number;

  @ApiProperty({ type: RatingsDto })
  ratings!: RatingsDto;

  @ApiProperty({ type: [RatingWordsDto], description: 'The latest 50' })
  rating_texts!: RatingWordsDto[];

  @ApiProperty({ type: [OwnVersionDto], description: 'Newest first' })
  versions!: OwnVersionDto[];

  static of(plugin: AuthorPlugin): OwnPluginDto {
    const [last] = plugin.versions;
    return {
      ...PluginManifestDto.of({ ...plugin, version: '' }),
      version: plugin.version,
      status: last?.state ?? 'pending_review',
      reason: last?.notes ?? null,
      listing: plugin.state,
      install_count: plugin.installCount,
      ratings: { average: plugin.ratingAverage, count: plugin.ratingCount },
      rating_texts: plugin.ratings.map(({ stars, text, ratedAt }) => ({ stars, text, rated_at: ratedAt.getTime() })),
      versions: plugin.versions.map((version) => OwnVersionDto.of(version)),
    };
  }
}

export class OwnPluginsDto {
  @ApiProperty({ type: [OwnPluginDto] })
  plugins!: OwnPluginDto[];

  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  page!: number;

  static of(found: Page<AuthorPlugin>, page: number): OwnPluginsDto {
    return { plugins: found.items.map((plugin) => OwnPluginDto.of(plugin)), total: found.total, page };
  }
}
