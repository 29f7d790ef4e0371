import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { UserAdministration } from '@adiuva/billing';
import { IdPipe } from '../edge/body/id.pipe';
import { AdminOnly, Caller } from '../edge/principal';
import { ManagedUserDto, ManagedUsersDto, UserChangeDto, UsersQuery } from './users.dto';

@ApiTags('administration')
@AdminOnly()
@Controller('admin/users')
export class UsersController {
  constructor(private readonly users: UserAdministration) {}

  @Get()
  @ApiOperation({
    summary: 'List accounts',
    description: 'Newest first. `q` finds one by its id or its whole address.',
  })
  @ApiOkResponse({ type: ManagedUsersDto })
  async listUsers(@Query() query: UsersQuery): Promise<ManagedUsersDto> {
    return ManagedUsersDto.of(await this.users.list({ q: query.q, tier: query.tier }, query), query.page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Get an account', description: 'State, tier and times; never content.' })
  @ApiOkResponse({ type: ManagedUserDto })
  async getUser(@Param('id', IdPipe) id: string): Promise<ManagedUserDto> {
    return ManagedUserDto.of(await this.users.get(id));
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change an account',
    description:
      'Sets the tier, or disables or enables the account; both are in the audit log. 409 `conflict` for disabling the own account.',
  })
  @ApiOkResponse({ type: ManagedUserDto })
  async updateUser(
    @Caller() admin: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: UserChangeDto,
  ): Promise<ManagedUserDto> {
    return ManagedUserDto.of(await this.users.change(admin, id, body.toChange()));
  }
}
