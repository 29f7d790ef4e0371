import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { validated } from '../../apps/api/src/edge/body/validation.pipe';

class InnerDto {
  @IsOptional()
  @IsString()
  name?: string;
}
class OuterDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsInt()
  limit: number = 50;

  @ApiPropertyOptional({ nullable: true, type: String })
  @IsOptional()
  @IsString()
  agent?: string | null;

  @IsOptional()
  plain?: unknown;

  @ValidateNested({ each: true })
  @Type(() => InnerDto)
  list: InnerDto[] = [];
}

describe('a null in a body', () => {
  it('is a member that is not given, where the member is optional, also in members that have members', async () => {
    const dto = await validated(OuterDto, { limit: null, plain: null, list: [{ name: null }, { name: 'x' }] });
    expect(dto.limit).toBe(50);
    expect(dto.plain).toBeUndefined();
    expect(dto.list.map(({ name }) => name)).toEqual([undefined, 'x']);
  });

  it('stays where OpenAPI calls the member nullable', async () => {
    expect((await validated(OuterDto, { agent: null })).agent).toBeNull();
  });

  it('stays inside of members that are any JSON', async () => {
    expect((await validated(OuterDto, { plain: { name: null, limit: [null] } })).plain).toEqual({
      name: null,
      limit: [null],
    });
  });
});
