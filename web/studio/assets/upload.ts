// PUT /assets: the one write outside of GraphQL. XMLHttpRequest, for it says how far it is.
import { ask } from '../access/viewer';
import { sentence } from '../lib/format';
import type { KnownAsset } from './asset';
import { learn } from './known';

export type Uploaded = KnownAsset & { readonly id: string; readonly hash: string };

/** The limit of the server: said before ten megabytes have travelled. */
const MAX_BYTES = 10_000_000;
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

export class UploadError extends Error {}

/** What cannot be a picture, before it is sent; undefined when it may be one. */
export function objection(file: Pick<File, 'name' | 'type' | 'size'>): string | undefined {
  if (/svg/i.test(file.type) || /\.svgz?$/i.test(file.name)) return `${file.name || 'This'} is an SVG, which can hold script: export it as PNG or JPEG.`;
  if (file.type !== '' && !file.type.startsWith('image/')) return `${file.name || 'This'} is not a picture: take a JPEG, PNG, WebP or GIF.`;
  if (file.size === 0) return `${file.name || 'This'} is empty.`;
  return file.size > MAX_BYTES * 1.05 ? `${file.name || 'This'} has ${megabytes(file.size)}; a picture is at most 10 MB. Make it smaller.` : undefined;
}

function detailOf(text: string, status: number): string {
  try {
    const { detail, title } = JSON.parse(text) as { readonly detail?: unknown; readonly title?: unknown };
    const said = typeof detail === 'string' ? detail : typeof title === 'string' ? title : '';
    if (said !== '') return sentence(said);
  } catch {
    // Whatever answered is not the server.
  }
  return `The picture was not taken (${status}). Try again in a moment.`;
}

/** Uploads a picture; `progress` is told from 0 to 1. Throws an UploadError with a sentence for people. */
export function upload(frontend: string, file: File, { progress, signal }: { readonly progress?: (part: number) => void; readonly signal?: AbortSignal } = {}): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const refused = objection(file);
    if (refused !== undefined) return reject(new UploadError(refused));
    const request = new XMLHttpRequest();
    request.open('PUT', `/assets?${new URLSearchParams({ frontend, name: file.name || 'pasted.png' })}`);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => progress?.(total > 0 ? loaded / total : 0));
    request.addEventListener('load', () => {
      // The session may have ended, or its grants have changed.
      if (request.status === 401 || request.status === 403) void ask();
      if (request.status !== 200 && request.status !== 201) return reject(new UploadError(detailOf(request.responseText, request.status)));
      const uploaded = JSON.parse(request.responseText) as Uploaded;
      learn([uploaded]);
      resolve(uploaded);
    });
    request.addEventListener('error', () => reject(new UploadError('The server does not answer. Try again in a moment.')));
    request.addEventListener('abort', () => reject(new UploadError('Called off.')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** The first picture that is dropped or pasted. */
export const pictureIn = (data: DataTransfer | null): File | undefined => {
  const files = [...(data?.files ?? [])];
  return files.find(({ type }) => type.startsWith('image/')) ?? files[0];
};
