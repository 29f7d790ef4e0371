import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import type { GeneratedImage } from '@adiuva/llm';
import { StringField } from '../edge/body/fields';

const SIZES = ['auto', '256x256', '512x512', '1024x1024', '1024x1536', '1536x1024', '1024x1792', '1792x1024'] as const;
const FORMATS = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'] as const;

export class ImageRequestDto {
  @StringField({ minLength: 1, maxLength: 32_000 })
  prompt!: string;

  @ApiProperty({ enum: SIZES, default: '1024x1024', required: false, description: 'Width and height in pixels' })
  @IsOptional()
  @IsIn(SIZES)
  size?: (typeof SIZES)[number];
}

export class ImageDto {
  @ApiProperty({ required: false, description: 'Base64 of the picture' })
  b64_json?: string;

  @ApiProperty({
    required: false,
    description: 'Where the provider offers the picture for a while, if it sends no bytes',
  })
  url?: string;
}

export class ImagesDto {
  @ApiProperty({ type: [ImageDto] })
  images!: ImageDto[];

  static of(images: readonly GeneratedImage[]): ImagesDto {
    return {
      images: images.map(({ base64, url }) =>
        base64 === undefined ? { ...(url ? { url } : {}) } : { b64_json: base64 },
      ),
    };
  }
}

export class SpeechRequestDto {
  @StringField({ minLength: 1, maxLength: 4_096 })
  text!: string;

  @ApiProperty({ pattern: '^[a-z]{1,32}$', default: 'alloy', required: false, description: 'A voice of the provider' })
  @IsOptional()
  @IsString()
  @Matches(/^[a-z]{1,32}$/)
  voice?: string;

  @ApiProperty({ enum: FORMATS, default: 'mp3', required: false })
  @IsOptional()
  @IsIn(FORMATS)
  format?: (typeof FORMATS)[number];
}

export class TranscriptionRequestDto {
  @ApiProperty({ type: 'string', format: 'binary', description: 'One audio file of at most 25 MiB' })
  file!: string;
}

export class TranscriptionDto {
  @ApiProperty()
  text!: string;
}
