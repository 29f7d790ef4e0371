import type { FakeBucket, FakeUpload } from './fake-s3-objects';

export function objectList(bucket: FakeBucket, query: URLSearchParams, size: number | 'careless'): string {
  if (size === 'careless') return listed(bucket, [...bucket.objects.keys()].reverse(), '');
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, size);
  const more = keys.length > page.length;
  return listed(bucket, page, more ? (page.at(-1) ?? '') : '');
}

function listed(bucket: FakeBucket, page: readonly string[], next: string): string {
  const contents = page.map((key) => {
    const { bytes, etag, modifiedAt } = bucket.get(key);
    return `<Contents><Key>${key}</Key><LastModified>${modifiedAt.toISOString()}</LastModified><ETag>${etag}</ETag><Size>${bytes.length}</Size></Contents>`;
  });
  const token = next === '' ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
  return `<ListBucketResult><IsTruncated>${next !== ''}</IsTruncated>${token}<KeyCount>${page.length}</KeyCount>${contents.join('')}</ListBucketResult>`;
}

export function partList(upload: FakeUpload, query: URLSearchParams, pageSize: number): string {
  const after = Number(query.get('part-number-marker') ?? 0);
  const parts = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
  const page = parts.slice(0, pageSize);
  const items = page.map(([number, { bytes, etag, crc32 }]) => {
    const checksum = crc32 === null ? '' : `<ChecksumCRC32>${crc32}</ChecksumCRC32>`;
    return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag><Size>${bytes.length}</Size>${checksum}</Part>`;
  });
  const more = parts.length > page.length;
  return `<ListPartsResult><IsTruncated>${more}</IsTruncated><NextPartNumberMarker>${page.at(-1)?.[0] ?? 0}</NextPartNumberMarker>${items.join('')}</ListPartsResult>`;
}

export function uploadList(bucket: FakeBucket): string {
  const items = [...bucket.uploads.values()].map(
    ({ key, id, initiatedAt }) =>
      `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiatedAt.toISOString()}</Initiated></Upload>`,
  );
  return `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${items.join('')}</ListMultipartUploadsResult>`;
}
