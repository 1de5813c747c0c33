import { Button, Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { graphql } from '../gql';
import { useLive } from '../lib/activity';
import { ago } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import type { Choice } from './source';

const BUILDS = graphql(`
  query StudioPreviewBuilds($slug: String!) {
    frontend(slug: $slug) { builds(first: 20) { totalCount edges { node { id name manifest lastSeenAt } } } }
  }
`);

/** A build whose eyes the draft is seen with. */
export interface AsBuild {
  readonly name: string;
  readonly manifest: string;
}

interface BuildMenuProps {
  readonly as: AsBuild | null;
  readonly choose: (as: AsBuild | null) => void;
  readonly page: Choice;
  /** Whether the screen is a shared part. */
  readonly part: boolean;
}

/** Which build the preview plays, and which page it is drawn by. */
export function BuildMenu({ as, choose, page, part }: BuildMenuProps): ReactNode {
  const { frontend } = useFrontend();
  const [opened, setOpened] = useState(false);
  const [{ data }] = useLive({ query: BUILDS, variables: { slug: frontend.slug }, on: ['COMPONENTS'], pause: !opened });
  const builds = data?.frontend?.builds;
  const more = (builds?.totalCount ?? 0) - (builds?.edges.length ?? 0);
  return (
    <Menu opened={opened} onChange={setOpened} width={260}>
      <Menu.Target>
        <Button className="build-button" variant={as ? 'light' : 'default'} size="compact-sm" rightSection={<ChevronDown size={14} aria-hidden="true" />} aria-label={as ? `Shown as build ${as.name}` : 'Shown as the newest build'}>
          <span className="truncate" dir="auto">{as ? `As build ${as.name}` : 'Newest'}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="preview-menu">
        <Menu.Label>Show it as</Menu.Label>
        <Menu.Item onClick={() => choose(null)} aria-current={as === null ? 'true' : undefined} rightSection={<span className="muted">as edited</span>}>Newest</Menu.Item>
        {builds?.edges.map(({ node }) => (
          <Menu.Item key={node.id} onClick={() => choose(node)} aria-current={as?.manifest === node.manifest && as.name === node.name ? 'true' : undefined} rightSection={<span className="muted nowrap">{node.lastSeenAt ? `seen ${ago(node.lastSeenAt)}` : 'never seen'}</span>}>
            <bdi>Build {node.name}</bdi>
          </Menu.Item>
        ))}
        {more > 0 && <Menu.Label>and {more} older ones</Menu.Label>}
        {page.own !== undefined && part && <Menu.Label className="part-note">A shared part has no address of its own: the built-in renderer draws it.</Menu.Label>}
        {page.own !== undefined && !part && (
          <>
            <Menu.Divider />
            <Menu.Label>Draw it with</Menu.Label>
            <Menu.Item onClick={() => page.choose('own')} aria-current={page.source?.kind !== 'builtin' ? 'true' : undefined}><bdi>{new URL(page.own).host}</bdi></Menu.Item>
            <Menu.Item onClick={() => page.choose('builtin')} aria-current={page.source?.kind === 'builtin' ? 'true' : undefined}>The built-in renderer</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
