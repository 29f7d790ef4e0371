// A PostgreSQL with pgvector, both as WebAssembly, on a loopback port that it prints; it ends when its standard input closes. In a process
// of its own because it needs dynamic imports, which jest's sandbox does not have.
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const postgres = await PGlite.create({ extensions: { vector } });
const server = new PGLiteSocketServer({ db: postgres, host: '127.0.0.1', port: 0 });
await server.start();
console.log(server.getServerConn());
process.stdin.resume().on('end', () => process.exit(0));
