import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { checkSignature, checkedBody, header } from './fake-s3-body';
import { send, type Answer, type Fault } from './fake-s3-answer';
import { objectList, partList, uploadList } from './fake-s3-lists';
import { FakeBucket, S3Error, etagOf, type FakeUpload } from './fake-s3-objects';

const ERROR_BODY = '<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>';
const CHECKSUM_HEADERS = /^x-amz-(?:checksum-|sdk-checksum-algorithm|trailer)/;

/** A small server of the S3 protocol, path-style, one bucket in memory; strict about signatures, lengths and checksums. */
export class FakeS3 {
  readonly bucket = new FakeBucket();
  readonly requests: string[] = [];
  readonly requestIds: (string | undefined)[] = [];
  /** As a compatible store that knows no checksum headers and no DeleteObjects. */
  basic = false;
  /** Keys a page of a listing; small, so that paging is met. */
  pageSize = 1_000;
  /** As a store that lists the whole bucket whatever the prefix, in no order. */
  careless = false;
  private readonly sockets = new Set<Socket>();
  private fault: (Fault & { left: number }) | null = null;
  private port = 0;
  private server: Server | null = null;

  readonly credentials = { accessKeyId: 'fake-access-key', secretAccessKey: 'fake-secret-of-a-test' };

  constructor(readonly bucketName = 'adiuva-test') {}

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The settings of a server that keeps its objects here. */
  get settings(): Record<string, string> {
    return {
      S3_BUCKET: this.bucketName,
      S3_ENDPOINT: this.endpoint,
      AWS_ACCESS_KEY_ID: this.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.credentials.secretAccessKey,
    };
  }

  /** Listens on a free port, or after `stop` on the same one again. */
  async start(port = this.port): Promise<this> {
    const server = createServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.handle(request, response),
    );
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.server = server;
    this.port = portOf(server.address());
    return this;
  }

  /** Closes the port, so that connections are refused; objects stay. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  suffer(fault: Fault): void {
    this.fault = { ...fault, left: fault.times ?? Number.POSITIVE_INFINITY };
  }

  heal(): void {
    this.fault = null;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    this.requests.push(`${request.method ?? ''} ${url.pathname}`);
    const fault = this.strike(request.method ?? '');
    if (fault?.kind === 'down') return void request.socket.destroy();
    if (fault?.kind === 'silent') return void request.resume();
    if (fault?.kind === 'slow' || fault?.ms !== undefined)
      await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1_000));
    try {
      if (fault?.kind === 'failing') throw new S3Error(503, 'SlowDown');
      if (fault?.kind === 'error_body') {
        await checkedBody(request);
        return send(request, response, { status: 200, xml: ERROR_BODY }, null);
      }
      const answer = await this.answer(request, url);
      if (fault?.kind === 'answer_lost') return void request.socket.destroy();
      send(request, response, answer, fault);
    } catch (error) {
      const failure = error instanceof S3Error ? error : new S3Error(500, 'InternalError');
      if (!request.complete) response.setHeader('connection', 'close');
      send(
        request,
        response,
        {
          status: failure.status,
          xml: `<Error><Code>${failure.code}</Code><Message>${failure.code}</Message></Error>`,
        },
        null,
      );
    }
  }

  private strike(method: string): Fault | null {
    const { fault } = this;
    if (fault === null || (fault.method !== undefined && fault.method !== method)) return null;
    fault.left -= 1;
    if (fault.left <= 0) this.fault = null;
    return fault;
  }

  private async answer(request: IncomingMessage, url: URL): Promise<Answer> {
    checkSignature(request.headers, this.credentials.accessKeyId);
    this.requestIds.push(header(request.headers, 'x-request-id'));
    const unknown = Object.keys(request.headers).some((name) => CHECKSUM_HEADERS.test(name));
    if (this.basic && (unknown || url.searchParams.has('delete'))) throw new S3Error(501, 'NotImplemented');
    const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    if (bucket !== this.bucketName) throw new S3Error(404, 'NoSuchBucket');
    const key = rest.join('/');
    const query = url.searchParams;
    return key === '' ? this.onBucket(request, query) : this.onObject(request, key, query);
  }

  private async onBucket(request: IncomingMessage, query: URLSearchParams): Promise<Answer> {
    if (request.method === 'HEAD') return { status: 200 };
    if (request.method === 'POST' && query.has('delete')) return this.deleteMany(request);
    if (request.method !== 'GET') throw new S3Error(405, 'MethodNotAllowed');
    return {
      status: 200,
      xml: query.has('uploads')
        ? uploadList(this.bucket)
        : objectList(this.bucket, query, this.careless ? 'careless' : this.pageSize),
    };
  }

  private async onObject(request: IncomingMessage, key: string, query: URLSearchParams): Promise<Answer> {
    const uploadId = query.get('uploadId');
    switch (request.method ?? '') {
      case 'PUT':
        return uploadId === null
          ? this.put(request, key)
          : this.putPart(request, this.bucket.upload(key, uploadId), query);
      case 'POST':
        return uploadId === null ? this.begin(request, key) : this.complete(request, this.bucket.upload(key, uploadId));
      case 'GET':
      case 'HEAD':
        return uploadId === null
          ? this.get(request, key)
          : { status: 200, xml: partList(this.bucket.upload(key, uploadId), query, this.pageSize) };
      case 'DELETE':
        if (uploadId !== null) this.bucket.uploads.delete(this.bucket.upload(key, uploadId).id);
        else this.bucket.objects.delete(key);
        return { status: 204 };
      default:
        throw new S3Error(405, 'MethodNotAllowed');
    }
  }

  private async put(request: IncomingMessage, key: string): Promise<Answer> {
    const { bytes } = await checkedBody(request);
    if (request.headers['if-none-match'] === '*' && this.bucket.objects.has(key))
      throw new S3Error(412, 'PreconditionFailed');
    const { etag } = this.bucket.put(key, bytes, about(request));
    return { status: 200, headers: { etag } };
  }

  private get(request: IncomingMessage, key: string): Answer {
    const object = this.bucket.get(key);
    const headers: Record<string, string> = {
      etag: object.etag,
      'last-modified': object.modifiedAt.toUTCString(),
      'accept-ranges': 'bytes',
      ...(object.encryption ? { 'x-amz-server-side-encryption': object.encryption } : {}),
    };
    for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value;
    if (request.headers['if-none-match'] === object.etag) return { status: 304, headers };
    const size = object.bytes.length;
    const [, start = '', end = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (start === '') return { status: 200, headers, body: object.bytes };
    if (Number(start) >= size) throw new S3Error(416, 'InvalidRange');
    const last = end === '' ? size - 1 : Math.min(Number(end), size - 1);
    headers['content-range'] = `bytes ${start}-${last}/${size}`;
    return { status: 206, headers, body: object.bytes.subarray(Number(start), last + 1) };
  }

  private begin(request: IncomingMessage, key: string): Answer {
    const checksumAlgorithm = header(request.headers, 'x-amz-checksum-algorithm') ?? null;
    const { id } = this.bucket.begin(key, { ...about(request), checksumAlgorithm });
    return {
      status: 200,
      xml: `<InitiateMultipartUploadResult><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    };
  }

  private async putPart(request: IncomingMessage, upload: FakeUpload, query: URLSearchParams): Promise<Answer> {
    const number = Number(query.get('partNumber'));
    if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new S3Error(400, 'InvalidArgument');
    const { bytes, crc32 } = await checkedBody(request);
    const etag = etagOf(bytes);
    upload.parts.set(number, { bytes, etag, crc32 });
    return { status: 200, headers: { etag, ...(crc32 === null ? {} : { 'x-amz-checksum-crc32': crc32 }) } };
  }

  private async complete(request: IncomingMessage, upload: FakeUpload): Promise<Answer> {
    const { bytes } = await checkedBody(request);
    const parts = tags(bytes.toString(), 'Part').map((part) => ({
      number: Number(tags(part, 'PartNumber')[0]),
      etag: unescape(tags(part, 'ETag')[0] ?? ''),
      crc32: tags(part, 'ChecksumCRC32')[0] ?? null,
    }));
    const { etag } = this.bucket.complete(upload, parts);
    return {
      status: 200,
      xml: `<CompleteMultipartUploadResult><Key>${upload.key}</Key><ETag>${etag}</ETag></CompleteMultipartUploadResult>`,
    };
  }

  private async deleteMany(request: IncomingMessage): Promise<Answer> {
    if (
      !request.headers['content-md5'] &&
      !Object.keys(request.headers).some((name) => name.startsWith('x-amz-checksum-'))
    ) {
      throw new S3Error(400, 'InvalidRequest');
    }
    const { bytes } = await checkedBody(request);
    const keys = tags(bytes.toString(), 'Key').map(unescape);
    if (keys.length === 0 || keys.length > 1_000) throw new S3Error(400, 'MalformedXML');
    for (const key of keys) this.bucket.objects.delete(key);
    const told = this.careless ? [] : keys.map((key) => `<Deleted><Key>${key}</Key></Deleted>`);
    return { status: 200, xml: `<DeleteResult>${told.join('')}</DeleteResult>` };
  }
}

function about(request: IncomingMessage): { metadata: Record<string, string>; encryption: string | null } {
  const metadata: Record<string, string> = {};
  for (const name of Object.keys(request.headers)) {
    if (name.startsWith('x-amz-meta-'))
      metadata[name.slice('x-amz-meta-'.length)] = header(request.headers, name) ?? '';
  }
  return { metadata, encryption: header(request.headers, 'x-amz-server-side-encryption') ?? null };
}

function tags(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, content = '']) => content);
}

function unescape(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}
