import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Devices, Keyrings, PreLogin, RecoveryKeys, type Origin } from '@adiuva/auth';
import { ClientAddress } from '../edge/http/client-address';
import { ifMatch, onlyCreates, withVersionTag } from '../edge/http/conditional-request';
import { IdPipe } from '../edge/body/id.pipe';
import { OkDto } from '../edge/ok.dto';
import { Caller, IdempotencyKey, Opaque, Public, type EdgeResponse } from '../edge/principal';
import { DeviceDto, KeyringDto, NewDeviceDto, PreLoginDto, PreLoginQuery, PutKeyringDto } from './keys.dto';

@ApiTags('keys')
@Opaque()
@Controller()
export class KeysController {
  constructor(
    private readonly preLogin: PreLogin,
    private readonly keyrings: Keyrings,
    private readonly devices: Devices,
    private readonly recoveryKeys: RecoveryKeys,
  ) {}

  @Public()
  @Get('auth/prelogin')
  @ApiOperation({
    summary: 'Key derivation parameters of an account',
    description:
      'Tells a client how to derive its login secret from the password. Unknown accounts get stable made-up parameters.',
  })
  @ApiOkResponse({ type: PreLoginDto })
  async getPrelogin(@Query() { email }: PreLoginQuery, @ClientAddress() origin: Origin): Promise<PreLoginDto> {
    return PreLoginDto.of(await this.preLogin.derivation(email, origin.address));
  }

  @Get('auth/keyring')
  @ApiOkResponse({ type: KeyringDto })
  @ApiOperation({ summary: 'Read the keyring', description: 'The wrapped keys of the client, opaque to the server.' })
  async getKeyring(
    @Caller() owner: Principal,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<KeyringDto> {
    return withVersionTag(response, KeyringDto.of(await this.keyrings.get(owner)));
  }

  @Put('auth/keyring')
  @ApiOperation({
    summary: 'Store the keyring',
    description:
      'The first keyring needs no condition. A replacement needs `If-Match` with the stored version, so that two devices never overwrite each other: 428 without it, 412 for another version. `If-None-Match: *` stores only a first keyring.',
  })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiOkResponse({ type: KeyringDto })
  async putKeyring(
    @Caller() owner: Principal,
    @Body() body: PutKeyringDto,
    @Headers('if-match') match: string | undefined,
    @Headers('if-none-match') noneMatch: string | undefined,
    @ClientAddress() origin: Origin,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<KeyringDto> {
    const expected = onlyCreates(noneMatch) ? 'none' : ifMatch(match);
    return withVersionTag(
      response,
      KeyringDto.of(await this.recoveryKeys.putKeyring(owner, body.toUpdate(), expected, origin)),
    );
  }

  @Get('devices')
  @ApiOkResponse({ type: [DeviceDto] })
  @ApiOperation({ summary: 'List devices', description: 'Devices that results can be sealed to.' })
  async listDevices(@Caller() owner: Principal): Promise<DeviceDto[]> {
    return (await this.devices.list(owner)).map((device) => DeviceDto.of(device));
  }

  @IdempotencyKey('atomic')
  @Post('devices')
  @HttpCode(200)
  @ApiOperation({ summary: 'Register a device', description: 'Its public key receives sealed results.' })
  @ApiOkResponse({ type: DeviceDto })
  async registerDevice(@Caller() owner: Principal, @Body() body: NewDeviceDto): Promise<DeviceDto> {
    return DeviceDto.of(await this.devices.register(owner, body.toDevice()));
  }

  @Delete('devices/:id')
  @ApiOkResponse({ type: OkDto })
  @ApiOperation({ summary: 'Revoke a device', description: 'Nothing is sealed to it afterwards.' })
  async revokeDevice(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    return this.devices.revoke(owner, id).then(() => ({ ok: true }));
  }
}
