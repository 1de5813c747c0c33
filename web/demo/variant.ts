/** Which variant of the shop a tab plays, out of its address. */
export interface Variant {
  /** As the address names it: it need not be one that there is. */
  readonly build: string;
  readonly environment: string;
  /** Empty is a token too: a link that was cut off must not pass for what is live. */
  readonly previewToken: string | undefined;
}

export const LATEST = '2.0';

export function variantOf(search: string): Variant {
  const q = new URLSearchParams(search);
  return {
    build: q.get('build') || LATEST,
    environment: q.get('env') ?? 'production',
    previewToken: q.get('preview') ?? undefined,
  };
}
