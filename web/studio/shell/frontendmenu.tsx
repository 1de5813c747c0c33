import { Button, Menu } from '@mantine/core';
import { ChevronsUpDown, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { useLocation } from 'wouter';
import { Allowed } from '../access/allowed';
import { useMay } from '../access/may';
import { graphql } from '../gql';
import { useFrontend } from '../lib/frontend';
import { NewFrontend } from './newfrontend';

export const FRONTENDS = graphql(`
  query StudioFrontends {
    frontends(first: 100) { edges { node { id slug name } } }
  }
`);

/** Which frontend is worked on, and the way to another or a new one. */
export function FrontendMenu(): ReactNode {
  const { frontend } = useFrontend();
  const [, go] = useLocation();
  const [{ data }, again] = useQuery({ query: FRONTENDS });
  const may = useMay('frontends:write');
  const [making, make] = useState(false);
  return (
    <>
      <Menu position="bottom-start" onOpen={() => again({ requestPolicy: 'network-only' })}>
        <Menu.Target>
          <Button variant="subtle" color="gray" size="compact-md" className="frontend" rightSection={<ChevronsUpDown size={14} aria-hidden="true" />} aria-label={`Frontend: ${frontend.name}`}>
            <span className="truncate">{frontend.name}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Frontends</Menu.Label>
          {data?.frontends?.edges.map(({ node }) => (
            <Menu.Item key={node.id} onClick={() => go(`/${node.slug}`)} aria-current={node.id === frontend.id ? 'true' : undefined}>{node.name}</Menu.Item>
          ))}
          <Menu.Divider />
          <Allowed may={may}><Menu.Item leftSection={<Plus size={15} aria-hidden="true" />} onClick={() => make(true)}>Register a frontend</Menu.Item></Allowed>
        </Menu.Dropdown>
      </Menu>
      {making && <NewFrontend close={() => make(false)} />}
    </>
  );
}
