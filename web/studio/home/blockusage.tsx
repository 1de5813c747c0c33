import type { ReactNode } from 'react';
import { graphql } from '../gql';
import { count } from '../lib/format';
import { useFresh } from '../lib/fresh';
import { useFrontend } from '../lib/frontend';
import './blockusage.css';

const USAGE = graphql(`
  query StudioBlockUsage($slug: String!, $screen: ID!, $environment: String!) {
    frontend(slug: $slug) { usageEnabled }
    node(id: $screen) {
      ... on Screen {
        id
        day: usage(environment: $environment, window: DAY) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }
        week: usage(environment: $environment, window: WEEK) { count { views clicks renderErrors } blocks { blockKey count { views clicks renderErrors } } }
      }
    }
  }
`);

const none = { views: 0, clicks: 0, renderErrors: 0 };

interface BlockUsageProps {
  /** Id of the screen. */
  readonly screen: string;
  /** Key of a block on it; the screen itself when null. */
  readonly block: string | null;
}

/** What visitors made of a block, or of the screen, in 24 hours and in 7 days. Nothing where usage is not counted. */
export function BlockUsage({ screen, block }: BlockUsageProps): ReactNode {
  const { frontend, environment } = useFrontend();
  const [{ data }] = useFresh({ query: USAGE, variables: { slug: frontend.slug, screen, environment: environment.key }, on: ['FRONTEND', 'RELEASES'] });
  const there = data?.node && 'day' in data.node && data.frontend?.usageEnabled ? data.node : undefined;
  if (!there) return null;
  const of = (usage: typeof there.day): typeof none => (block === null ? usage.count : usage.blocks.find(({ blockKey }) => blockKey === block)?.count ?? none);
  const day = of(there.day);
  const week = of(there.week);
  return (
    <table className="block-usage">
      <caption className="faint">{block === null ? 'This screen' : 'This block'} in {environment.key}</caption>
      <thead><tr><td /><th scope="col">views</th><th scope="col">clicks</th><th scope="col">errors</th></tr></thead>
      <tbody>
        {([['24 hours', day], ['7 days', week]] as const).map(([name, counts]) => (
          <tr key={name}>
            <th scope="row">{name}</th><td>{count(counts.views)}</td><td>{count(counts.clicks)}</td>
            <td data-bad={counts.renderErrors > 0 || undefined}>{count(counts.renderErrors)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
