// Where one can go. The order is that of the navigation.
import { Boxes, Code2, FileCheck2, GitCompareArrows, House, KeyRound, Network, PanelsTopLeft, Rocket, ScrollText, Settings2, UsersRound, type LucideIcon } from 'lucide-react';
import { holds, type Scope } from '../access/may';
import type { Viewer } from '../access/viewer';

export interface Place {
  /** Below `/studio/<frontend>`. */
  readonly path: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** Without it there is nothing to look at. */
  readonly scope?: Scope;
  /** What is there belongs to no frontend: the scope has to be held for every one. */
  readonly everywhere?: boolean;
}

const places: readonly Place[] = [
  { path: '', name: 'Home', icon: House },
  { path: '/screens', name: 'Screens', icon: PanelsTopLeft },
  { path: '/changes', name: 'Changes', icon: GitCompareArrows },
  { path: '/releases', name: 'Releases', icon: Rocket },
  { path: '/components', name: 'Components', icon: Boxes },
  { path: '/documents', name: 'Documents', icon: FileCheck2, scope: 'documents:read' },
  { path: '/services', name: 'Services', icon: Network, scope: 'services:read', everywhere: true },
  { path: '/api', name: 'API', icon: Code2 },
  { path: '/keys', name: 'API keys', icon: KeyRound },
  { path: '/members', name: 'Members', icon: UsersRound },
  { path: '/audit', name: 'Audit log', icon: ScrollText },
  { path: '/settings', name: 'Settings', icon: Settings2 },
];

/** Where somebody can go in a frontend; what is not known yet is not left out. */
export const placesFor = (viewer: Viewer | undefined, frontend: { readonly id: string; readonly slug: string }): readonly Place[] =>
  places.filter(({ scope, everywhere }) => scope === undefined || !viewer || holds(viewer, scope, everywhere ? {} : { frontend }));

/** The address of a screen's editor, of one block in it when a key is given. */
export const editorOf = (frontend: string, screen: string, block?: string): string =>
  `/${frontend}/screens/${screen}${block === undefined ? '' : `?block=${encodeURIComponent(block)}`}`;

/** The address of a release in the list of releases. */
export const releaseOf = (frontend: string, number: number): string => `/${frontend}/releases#release-${number}`;

/** In place of the id of an instance: all of a service. */
export const ALL = 'all';

/** The address of a service, of one of its instances when its id is given. */
export const serviceOf = (frontend: string, service: string, instance?: string): string =>
  `/${frontend}/services?service=${encodeURIComponent(service)}${instance === undefined ? '' : `&instance=${encodeURIComponent(instance)}`}`;
