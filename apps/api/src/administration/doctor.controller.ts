import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Doctor } from '@adiuva/doctor';
import { AdminOnly } from '../edge/principal';
import { DoctorReportDto } from './doctor.dto';

@ApiTags('administration')
@AdminOnly()
@Controller('admin/doctor')
export class DoctorController {
  constructor(private readonly doctor: Doctor) {}

  @Get()
  @ApiOperation({
    summary: 'Check the server and its settings',
    description:
      'Settings, database, schema, clock, blob store, identity, keys, mail, Stripe and disk space, each with a remedy; takes a few seconds. `npm run doctor` does the same.',
  })
  @ApiOkResponse({ type: DoctorReportDto })
  async examineServer(): Promise<DoctorReportDto> {
    return DoctorReportDto.of(await this.doctor.examine());
  }
}
