// The preview link that the editor itself opens the customer's page with. One for each frontend and tab, renewed before it
// ends; nothing of it is stored.
import type { Client } from '@urql/core';
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { graphql } from '../gql';

export const LINK = graphql(`
  mutation StudioPreviewLink($input: PreviewLinkCreateInput!) {
    previewLinkCreate(input: $input) { url token expiresAt userErrors { message } }
  }
`);

interface Token {
  readonly token: string;
  readonly expires: number;
}

const HOURS = 12;
const RENEW_BEFORE_MS = 10 * 60_000;
const RETRY_MS = 3_000;

const tokens = new Map<string, Promise<Token | undefined>>();

async function make(client: Client, frontend: string): Promise<Token | undefined> {
  const { data } = await client.mutation(LINK, { input: { frontend, expiresInHours: HOURS } }).toPromise();
  const made = data?.previewLinkCreate;
  return made?.token && made.expiresAt ? { token: made.token, expires: Date.parse(made.expiresAt) } : undefined;
}

/** Undefined until there is one, and while none is wanted. */
export function usePreviewToken(frontend: string, wanted: boolean): string | undefined {
  const client = useClient();
  const [token, set] = useState<{ readonly of: string; readonly token: string }>();
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const get = async (): Promise<void> => {
      const asked = tokens.get(frontend) ?? make(client, frontend);
      tokens.set(frontend, asked);
      const found = await asked;
      const left = found ? found.expires - Date.now() - RENEW_BEFORE_MS : 0;
      if (left <= 0 && tokens.get(frontend) === asked) tokens.delete(frontend);
      if (gone) return;
      if (found && left > 0) set({ of: frontend, token: found.token });
      timer = setTimeout(() => void get(), found ? Math.max(0, left) : RETRY_MS);
    };
    void get();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [client, frontend, wanted]);
  return wanted && token?.of === frontend ? token.token : undefined;
}
