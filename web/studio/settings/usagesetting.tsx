import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { Denied } from '../access/allowed';
import { useMaySet } from '../access/here';
import { denied } from '../access/say';
import { graphql } from '../gql';
import { failed } from '../lib/failed';
import { toast } from '../lib/toast';

const SET_USAGE = graphql(`
  mutation StudioUsageSet($input: FrontendUpdateInput!) {
    frontendUpdate(input: $input) { frontend { id usageEnabled } userErrors { message } }
  }
`);

export function UsageSetting({ id, on }: { readonly id: string; readonly on: boolean }): ReactNode {
  const may = useMaySet();
  const [{ fetching }, set] = useMutation(SET_USAGE);
  const change = async (usageEnabled: boolean): Promise<void> => {
    if (denied(may)) return;
    const { data, error } = await set({ input: { id, usageEnabled } });
    if (!failed(error, data?.frontendUpdate?.userErrors)) toast({ message: usageEnabled ? 'Usage is counted from now on.' : 'Usage is no longer counted.', tone: 'good' });
  };
  return (
    <section className="card" aria-labelledby="settings-usage">
      <header><h2 id="settings-usage">Usage</h2></header>
      <div className="body stack">
        <Denied may={may} />
        <Switch
          label="Count what people use" checked={on} disabled={fetching} {...(may.allowed ? {} : { 'aria-disabled': true, 'data-denied': true })} onChange={(event) => void change(event.currentTarget.checked)}
          description="Views of screens and blocks, clicks on blocks and render errors, by release and build: counts by the hour, kept for 15 days. No cookies, no personal data."
        />
      </div>
    </section>
  );
}
