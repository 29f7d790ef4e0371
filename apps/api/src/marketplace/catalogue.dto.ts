import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { type Page } from '@adiuva/kernel';
import { MANIFEST_LIMITS, PERMISSIONS, SORTS } from '@adiuva/marketplace';
import type { CatalogueFilter, ListedPlugin, PluginDetails, PublishedVersion, Sort } from '@adiuva/marketplace';
import { EnumField, IntegerField, StringField } from '../edge/body/fields';
import { PageQuery } from '../edge/http/page.dto';

const PRINTABLE = /^\P{Cc}*$/u;
const MAX_SEARCH = 200;
const MILLISECONDS = 'Milliseconds since 1970';

export class CatalogueQueryDto extends PageQuery {
  @StringField({ optional: true, maxLength: MANIFEST_LIMITS.category, description: 'Case does not count' })
  @Matches(PRINTABLE)
  category?: string;

  @StringField({
    optional: true,
    maxLength: MAX_SEARCH,
    description: 'Words of name, author, category or description; the beginning of a word is enough',
  })
  @Matches(PRINTABLE)
  q?: string;

  @EnumField(SORTS, {
    optional: true,
    description: 'Where it is missing: the best match first when something is searched for, else by rating',
  })
  sort?: Sort;

  toFilter(): CatalogueFilter {
    return {
      ...(this.category ? { category: this.category } : {}),
      ...(this.q ? { q: this.q } : {}),
      ...(this.sort ? { sort: this.sort } : {}),
    };
  }
}

export class PluginManifestDto {
  @ApiProperty({ format: 'uuid', description: 'Given by the store' })
  id!: string;

  @ApiProperty({ maxLength: MANIFEST_LIMITS.name })
  name!: string;

  @ApiProperty({ maxLength: MANIFEST_LIMITS.description })
  description!: string;

  @ApiProperty({ maxLength: MANIFEST_LIMITS.version, description: 'Semantic version 2.0.0, without build metadata' })
  version!: string;

  @ApiProperty({ maxLength: MANIFEST_LIMITS.author })
  author!: string;

  @ApiProperty({ enum: PERMISSIONS, isArray: true, uniqueItems: true })
  permissions!: readonly (typeof PERMISSIONS)[number][];

  @ApiProperty({ maxLength: MANIFEST_LIMITS.category })
  category!: string;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: MANIFEST_LIMITS.priceCents, description: 'Cents of euro' })
  price_cents!: number;

  static of(plugin: ListedPlugin): PluginManifestDto {
    const { id, name, description, version, author, permissions, category, priceCents } = plugin;
    return { id, name, description, version, author, permissions, category, price_cents: priceCents };
  }
}

export class CatalogueDto {
  @ApiProperty({ type: [PluginManifestDto] })
  plugins!: PluginManifestDto[];

  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  page!: number;

  static of(found: Page<ListedPlugin>, page: number): CatalogueDto {
    return { plugins: found.items.map((plugin) => PluginManifestDto.of(plugin)), total: found.total, page };
  }
}

export class PublishedVersionDto {
  @ApiProperty()
  version!: string;

  @ApiProperty({ enum: PERMISSIONS, isArray: true })
  permissions!: readonly (typeof PERMISSIONS)[number][];

  @ApiProperty({ description: 'SHA-256 of the package, lowercase hexadecimal' })
  checksum!: string;

  @ApiProperty({ type: 'integer' })
  size_bytes!: number;

  @ApiProperty({ format: 'byte', description: "The store's Ed25519 signature; see GET /plugins/signing-key" })
  signature!: string;

  @ApiProperty({ description: 'Which of the published keys signed' })
  key_id!: string;

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  published_at!: number;

  static of(version: PublishedVersion): PublishedVersionDto {
    return {
      version: version.version,
      permissions: version.permissions,
      checksum: version.checksum,
      size_bytes: version.sizeBytes,
      signature: version.signature.toString('base64'),
      key_id: version.keyId,
      published_at: version.publishedAt.getTime(),
    };
  }
}

export class RatingsDto {
  @ApiProperty({ type: 'number', minimum: 0, maximum: 5, description: '0 while there is no rating' })
  average!: number;

  @ApiProperty({ type: 'integer' })
  count!: number;
}

export class PluginDetailsDto extends PluginManifestDto {
  @ApiProperty({ type: [PublishedVersionDto], description: 'Greatest first' })
  versions!: PublishedVersionDto[];

  @ApiProperty({ type: RatingsDto })
  ratings!: RatingsDto;

  @ApiProperty({ type: 'integer', description: 'How many users have it now' })
  install_count!: number;

  @ApiProperty({ description: 'Whether the caller has it' })
  installed!: boolean;

  static override of(plugin: PluginDetails): PluginDetailsDto {
    return {
      ...PluginManifestDto.of(plugin),
      versions: plugin.versions.map((version) => PublishedVersionDto.of(version)),
      ratings: { average: plugin.ratingAverage, count: plugin.ratingCount },
      install_count: plugin.installCount,
      installed: plugin.installed,
    };
  }
}

export class InstallDto {
  @ApiPropertyOptional({ type: String, nullable: true, format: 'uuid', description: 'The same as in the address' })
  @IsOptional()
  @IsString()
  @MaxLength(36)
  plugin_id?: string | null;

  @StringField({
    optional: true,
    nullable: true,
    maxLength: MANIFEST_LIMITS.version,
    description: 'Where it is missing: the served version',
  })
  version?: string | null;
}

export class InstalledDto {
  @ApiProperty({ enum: [true] })
  ok!: true;

  @ApiProperty({
    format: 'uri',
    description: 'Hands out the package for five minutes, without a token; verify it with GET /plugins/signing-key',
  })
  download_url!: string;
}

export class RateDto {
  @IntegerField({ minimum: 1, maximum: 5 })
  stars!: number;

  @StringField({
    optional: true,
    nullable: true,
    maxLength: 2_000,
    description: "For the plugin's author to read; kept sealed",
  })
  text?: string | null;

  toRating(): { stars: number; text?: string } {
    return { stars: this.stars, ...(typeof this.text === 'string' ? { text: this.text } : {}) };
  }
}
