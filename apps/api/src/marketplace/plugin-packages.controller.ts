import { pipeline } from 'node:stream';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Downloads, SigningKeys } from '@adiuva/marketplace';
import { Public, type EdgeResponse } from '../edge/principal';
import { StoreKeysDto } from './store-keys.dto';

/** What needs no session: packages by their signed address, and the keys to verify them with. */
@ApiTags('marketplace')
@Public()
@Controller()
export class PluginPackagesController {
  constructor(
    private readonly downloads: Downloads,
    private readonly keys: SigningKeys,
  ) {}

  @Get('plugins/signing-key')
  @ApiOperation({
    summary: 'Signing keys of the plugin store',
    description:
      'Ed25519 public keys, the current one first. A signature covers the UTF-8 text of six lines, each but the last ended by a line feed, the last one empty: `adiuva plugin package 1`, plugin id, version, SHA-256 of the package in lowercase hexadecimal, its size in bytes.',
  })
  @ApiOkResponse({ type: StoreKeysDto })
  listSigningKeys(): StoreKeysDto {
    return StoreKeysDto.of(this.keys.publicKeys());
  }

  @Get('plugin-packages/:ticket')
  @ApiOperation({
    summary: 'Download a plugin package',
    description:
      'The address comes from an installation and is valid for five minutes; 404 after that, or when the plugin is no longer distributed. Headers `X-Plugin-Id`, `X-Plugin-Version`, `X-Checksum`, `X-Signature` (base64) and `X-Signature-Key`.',
  })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({
    description: 'The zip archive, to be verified before use',
    schema: { type: 'string', format: 'binary' },
  })
  async downloadPluginPackage(@Param('ticket') ticket: string, @Res() response: EdgeResponse): Promise<void> {
    const found = await this.downloads.find(ticket);
    const bytes = await this.downloads.open(found);
    response.set({
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': 'attachment; filename="plugin.zip"',
      'Content-Length': String(found.sizeBytes),
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Checksum': found.checksum,
      'X-Plugin-Id': found.pluginId,
      'X-Plugin-Version': found.version,
      ...(found.signature && found.keyId
        ? { 'X-Signature': found.signature.toString('base64'), 'X-Signature-Key': found.keyId }
        : {}),
    });
    pipeline(bytes, response, () => undefined);
  }
}
