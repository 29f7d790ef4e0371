import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Audit, AuditVerifier } from '@adiuva/audit';
import { AdminOnly, Caller } from '../edge/principal';
import { AdminAuditDto, AuditDto, AuditPageQuery, AuditQuery, AuditReportDto } from './audit.dto';

@ApiTags('auth')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: Audit) {}

  @Get()
  @ApiOperation({
    summary: 'Audit log of the account',
    description:
      'Sign-ins, failed ones too, ended sessions, changes of password, keys, devices, providers, single sign-on and tier, tokens and calls of agent workers; newest first.',
  })
  @ApiOkResponse({ type: AuditDto })
  async listAuditEvents(@Caller() caller: Principal, @Query() query: AuditPageQuery): Promise<AuditDto> {
    return AuditDto.of(caller.userId, await this.audit.list(caller, query));
  }
}

@ApiTags('administration')
@AdminOnly()
@Controller('admin/audit')
export class AdminAuditController {
  constructor(
    private readonly audit: Audit,
    private readonly verifier: AuditVerifier,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Search the audit log', description: 'Events of all accounts, newest first.' })
  @ApiOkResponse({ type: AdminAuditDto })
  async searchAudit(@Query() query: AuditQuery): Promise<AdminAuditDto> {
    return AdminAuditDto.of(await this.audit.search(query.toFilter(), query));
  }

  @Get('verification')
  @ApiOperation({
    summary: 'Verify the audit log',
    description:
      'Computes the hash chains again and names the first row that was forged, removed or moved. `npm run admin -- audit verify` does the same.',
  })
  @ApiOkResponse({ type: AuditReportDto })
  async verifyAudit(): Promise<AuditReportDto> {
    return AuditReportDto.of(await this.verifier.verify());
  }
}
