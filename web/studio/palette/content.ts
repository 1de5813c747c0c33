// What people made: screens, the blocks of the one that is open, components, releases, other frontends.
import { useDebouncedValue } from '@mantine/hooks';
import { Box, Boxes, PanelsTopLeft, Rocket, Store } from 'lucide-react';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { useLocation } from 'wouter';
import { graphql } from '../gql';
import { useLive } from '../lib/activity';
import { words } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { isObject, type Json } from '../lib/json';
import { FRONTENDS } from '../shell/frontendmenu';
import { editorOf, releaseOf } from '../shell/places';
import type { Item } from './items';

const ALL = graphql(`
  query StudioPalette($slug: String!) {
    frontend(slug: $slug) {
      screens(first: 100) { totalCount edges { node { id key title path } } }
      components(first: 100) { edges { node { id key title category } } }
      releases(first: 100) { edges { node { id number title } } }
    }
  }
`);

// Only when there are more screens than the first query brings.
const SEARCH = graphql(`
  query StudioPaletteSearch($slug: String!, $query: String!) {
    frontend(slug: $slug) {
      screens(first: 20, filter: { query: $query }) { edges { node { id key title path } } }
    }
  }
`);

const BLOCKS = graphql(`
  query StudioPaletteBlocks($screen: ID!) {
    node(id: $screen) { ... on Screen { id blocks { key component props } } }
  }
`);

const CLIP = 90;

/** The first words that a block shows, to tell it from its neighbors. */
export function saying(value: Json | undefined, deep = 0): string {
  if (typeof value === 'string') return /^(https?:|\/|#|data:|sha256:)/.test(value) ? '' : value.slice(0, CLIP);
  if (deep > 3) return '';
  const inside = Array.isArray(value) ? value : isObject(value) ? [value['title'], value['text'], value['label'], ...Object.values(value)] : [];
  for (const entry of inside.slice(0, 20)) {
    const text = saying(entry, deep + 1);
    if (text.trim()) return text;
  }
  return '';
}

/** All of it, for what is typed. */
export function useContent(query: string): readonly Item[] {
  const { frontend } = useFrontend();
  const { slug } = frontend;
  const [location] = useLocation();
  const [{ data }] = useLive({ query: ALL, variables: { slug }, on: ['SCREENS', 'COMPONENTS', 'RELEASES'] });
  const there = data?.frontend;
  const [asked] = useDebouncedValue(query.trim(), 120);
  const many = there ? there.screens.totalCount > there.screens.edges.length : false;
  const [{ data: searched }] = useQuery({ query: SEARCH, variables: { slug, query: asked }, pause: !many || asked === '' });
  const [{ data: frontends }] = useQuery({ query: FRONTENDS });

  const openKey = /^\/[^/]+\/screens\/([^/?#]+)/.exec(location)?.[1];
  const open = there?.screens.edges.find(({ node }) => node.key === openKey)?.node ?? searched?.frontend?.screens.edges.find(({ node }) => node.key === openKey)?.node;
  const [{ data: blocks }] = useQuery({ query: BLOCKS, variables: { screen: open?.id ?? '' }, pause: !open });

  return useMemo(() => {
    const items = new Map<string, Item>();
    const add = (item: Item): unknown => items.has(item.id) || items.set(item.id, item);
    if (open && blocks?.node && 'blocks' in blocks.node && blocks.node.id === open.id) {
      for (const { key, component, props } of blocks.node.blocks) {
        const text = saying(props);
        add({ id: `block ${open.id} ${key}`, group: 'Blocks on this screen', title: text || words(component), detail: text ? words(component) : '', also: key, icon: Box, to: editorOf(slug, open.key, key) });
      }
    }
    for (const { node } of [...(there?.screens.edges ?? []), ...(searched?.frontend?.screens.edges ?? [])]) {
      add({ id: `screen ${node.id}`, group: 'Screens', title: node.title, detail: node.path ?? 'shared part', also: node.key, icon: PanelsTopLeft, to: editorOf(slug, node.key) });
    }
    for (const { node } of there?.components.edges ?? []) {
      add({ id: `component ${node.id}`, group: 'Components', title: node.title, detail: node.category ?? '', also: node.key, icon: Boxes, to: `/${slug}/components/${encodeURIComponent(node.key)}` });
    }
    for (const { node } of there?.releases.edges ?? []) {
      add({ id: `release ${node.id}`, group: 'Releases', title: node.title, detail: `release ${node.number}`, also: `#${node.number}`, icon: Rocket, to: releaseOf(slug, node.number) });
    }
    for (const { node } of frontends?.frontends?.edges ?? []) {
      if (node.slug !== slug) add({ id: `frontend ${node.id}`, group: 'Frontends', title: node.name, detail: node.slug, also: 'switch frontend', icon: Store, to: `/${node.slug}` });
    }
    return [...items.values()];
  }, [there, searched, blocks, frontends, open, slug]);
}
