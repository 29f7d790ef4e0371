import { Module } from '@nestjs/common';
import { AuthModule } from '@adiuva/auth';
import { AuthController } from './auth.controller';
import { KeysController } from './keys.controller';

@Module({ imports: [AuthModule], controllers: [AuthController, KeysController] })
export class AuthRoutesModule {}
