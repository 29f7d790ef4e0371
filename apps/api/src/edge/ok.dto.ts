import { ApiProperty } from '@nestjs/swagger';

/** The answer of an operation that has nothing else to tell. */
export class OkDto {
  @ApiProperty({ enum: [true] })
  ok!: true;
}
