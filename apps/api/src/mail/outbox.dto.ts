import { ApiProperty } from '@nestjs/swagger';
import type { OutboxMail } from '@adiuva/mail';
import { TIME } from '../edge/body/fields';

export class OutboxMailDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  to!: string;

  @ApiProperty()
  subject!: string;

  @ApiProperty()
  text!: string;

  @ApiProperty()
  html!: string;

  @ApiProperty(TIME)
  created_at!: number;
}

export class OutboxDto {
  @ApiProperty({ type: [OutboxMailDto] })
  mails!: OutboxMailDto[];

  static of(mails: readonly OutboxMail[]): OutboxDto {
    return { mails: mails.map(({ createdAt, ...mail }) => ({ ...mail, created_at: createdAt.getTime() })) };
  }
}
