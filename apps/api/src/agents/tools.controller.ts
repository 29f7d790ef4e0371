import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ToolCatalogue, type ToolView } from '@adiuva/agents';
import { Opaque } from '../edge/principal';

export class ToolDto {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({
    enum: ['read', 'write', 'server'],
    description: 'Looks something up on the device; hands a change to the app; is carried out by the server',
  })
  kind!: 'read' | 'write' | 'server';

  @ApiProperty({ type: [String], description: 'The built-in agents that have it' })
  agents!: string[];

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'JSON schema of the arguments' })
  parameters!: Record<string, unknown>;

  static of({ name, title, kind, agents, parameters }: ToolView): ToolDto {
    return { name, title, kind, agents: [...agents], parameters: { ...parameters } };
  }
}

// A test holds that no description that is written for models is among the answers.
@ApiTags('agents')
@Opaque()
@Controller('tools')
export class ToolsController {
  constructor(private readonly tools: ToolCatalogue) {}

  @Get()
  @ApiOperation({ summary: 'List tools', description: 'Every tool that an agent may have.' })
  @ApiOkResponse({ type: [ToolDto] })
  listTools(): ToolDto[] {
    return this.tools.list().map((tool) => ToolDto.of(tool));
  }

  @Get(':name')
  @ApiOperation({ summary: 'Get a tool', description: 'Its kind and the JSON schema of its arguments.' })
  @ApiOkResponse({ type: ToolDto })
  getTool(@Param('name') name: string): ToolDto {
    return ToolDto.of(this.tools.get(name));
  }
}
