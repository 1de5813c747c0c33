/**
 * React bindings: screens drawn from a registry of components, kept current without taking focus or scroll away.
 *
 * @packageDocumentation
 */
import { Component, createContext, memo, startTransition, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ComponentType, type ReactNode } from 'react';
import { srcset } from './asset.js';
import { defineComponent as define, propsFor, registryOf, type AnyDefinition, type BlockInput, type Components, type Define, type Mark } from './components.js';
import type { View } from './follow.js';
import type { Connection } from './live.js';
import type { Sonata } from './sonata.js';
import { treeOf, type Branch } from './tree.js';
import type { Asset, At, Block, Snapshot } from './types.js';

export { asset, type BlockInput, type Definition, type Mark } from './components.js';

/** Declares one version of a component that React draws. See `@sonata/sdk/components`. */
export const defineComponent: Define<ReactNode> = define as Define<ReactNode>;

/** The component that a new screen has as its root: it holds the others. Export it beside your own. */
export const page = defineComponent({ key: 'page', version: '1.0', title: 'Page', category: 'Layout', slots: ['children'], render: ({ slot }) => slot('children') });

interface Surroundings {
  readonly client: Sonata;
  readonly registry: Components;
}

const Surround = createContext<Surroundings | null>(null);

function useSurroundings(): Surroundings {
  const surroundings = useContext(Surround);
  if (!surroundings) throw new Error('this needs a <SonataProvider> around it');
  return surroundings;
}

/** Gives the screens below it their line and their components. `registry` is a module, an object or a list of definitions. */
export function SonataProvider({ client, registry, children }: Surroundings & { readonly children?: ReactNode }): ReactNode {
  const value = useMemo(() => ({ client, registry }), [client, registry]);
  return <Surround.Provider value={value}>{children}</Surround.Provider>;
}

/** The client of the provider above. */
export const useSonata = (): Sonata => useSurroundings().client;

/** The state of the line over which changes come. */
export function useConnection(): Connection {
  const client = useSonata();
  return useSyncExternalStore((changed) => client.onConnection(changed), () => client.connection, () => 'connecting');
}

/**
 * Follows a screen. Another path: the view stays that of the old one until the new one has an answer, so that nothing
 * blinks; `view.at` says which it is. Updates are transitions: typing goes before them.
 */
export function useScreen(at: At): View {
  const client = useSonata();
  const name = JSON.stringify(at); // an equal object is the same place
  const [view, setView] = useState<View>({ at, phase: 'loading', swapped: false, kept: false });
  useEffect(() => client.follow(JSON.parse(name) as At, (next) => startTransition(() => setView(next))), [client, name]);
  return view;
}

interface ScreenProps {
  /** A real path, for instance `location.pathname`, or `{key}` for a shared part. */
  readonly path: At;
  /** What to show in every phase but `shown`; nothing when omitted. */
  readonly fallback?: (view: View) => ReactNode;
}

/** A screen, drawn and kept current. */
export function Screen({ path, fallback }: ScreenProps): ReactNode {
  const view = useScreen(path);
  return view.snapshot ? <Tree key={JSON.stringify(view.at)} snapshot={view.snapshot} /> : (fallback?.(view) ?? null);
}

/** Attributes of an `<img>` that shows an asset in the width that fits. Say how wide it is drawn with `sizes`. */
export function imageProps(image: Asset): { readonly src: string; readonly srcSet?: string; readonly width?: number; readonly height?: number; readonly alt: string } {
  const set = srcset(image);
  return {
    src: image.url,
    ...(set && { srcSet: set }),
    ...(image.width !== undefined && image.height !== undefined && { width: image.width, height: image.height }),
    alt: image.alt ?? '',
  };
}

interface TreeProps {
  readonly snapshot: Snapshot;
  /** Those of the provider when omitted. */
  readonly registry?: Components;
  /** Draws a block that the registry does not have; it is left out, with what is in it, when omitted. */
  readonly unknown?: (input: BlockInput<Block['props'], string, ReactNode>) => ReactNode;
  /** Told of each block that could not be drawn; the client of the provider is told anyway. */
  readonly onError?: (blockKey: string, error: unknown) => void;
}

interface How {
  readonly find: (block: Block) => AnyDefinition | undefined;
  readonly unknown: TreeProps['unknown'];
  readonly failed: (blockKey: string, error: unknown) => void;
}

/**
 * Draws a snapshot. React's key of a block is its key, which is stable across releases: a change touches what changed and
 * leaves the rest, its focus and its scroll position alone. A block that throws is left out until its content changes.
 */
export function Tree({ snapshot, registry, unknown, onError }: TreeProps): ReactNode {
  const around = useContext(Surround);
  const components = registry ?? around?.registry;
  if (!components) throw new Error('a tree needs a registry, or a <SonataProvider> around it');
  const before = useRef<Branch>(undefined);
  const root = useMemo(() => treeOf(snapshot, before.current), [snapshot]);
  const now = useRef({ snapshot, onError, client: around?.client });
  useEffect(() => {
    before.current = root;
    now.current = { snapshot, onError, client: around?.client };
  });
  const how = useMemo<How>(() => ({
    find: registryOf(components),
    unknown,
    failed: (key, error) => {
      now.current.client?.reportError(now.current.snapshot, key, error);
      now.current.onError?.(key, error);
    },
  }), [components, unknown]);
  return root ? <Guarded key={root.block.key} branch={root} how={how} screen={snapshot.key} /> : null;
}

interface BranchProps {
  readonly branch: Branch;
  readonly how: How;
  /** On the root: the key of the screen. */
  readonly screen?: string;
}

const NO_BOX = { display: 'contents' } as const;

// Memoized: a branch is the same object until something in it changes.
const Drawn = memo(function Drawn({ branch, how, screen }: BranchProps): ReactNode {
  const { block, slots } = branch;
  const definition = how.find(block);
  const props = useMemo(() => (definition ? propsFor(definition, block) : block.props), [definition, block]);
  const mark: Mark = { 'data-block': block.key, ...(screen !== undefined && { 'data-screen': screen }) };
  const slot = (name: string): ReactNode =>
    slots.find((s) => s.name === name)?.branches.map((inner) => <Guarded key={inner.block.key} branch={inner} how={how} />);
  if (!definition) return how.unknown?.({ props: block.props, block, mark, slot }) ?? null;
  const Render = definition.render as ComponentType<BlockInput<unknown, string, ReactNode>>;
  const drawn = <Render props={props} block={block} mark={mark} slot={slot} />;
  return definition.bare ? drawn : <div {...mark} style={NO_BOX}>{drawn}</div>;
});

interface GuardState {
  readonly branch: Branch;
  readonly failed: boolean;
}

/** One broken block must not take the screen along. It is tried again when its content changes. */
class Guarded extends Component<BranchProps, GuardState> {
  override state: GuardState = { branch: this.props.branch, failed: false };

  static getDerivedStateFromProps({ branch }: BranchProps, state: GuardState): GuardState | null {
    return state.branch === branch ? null : { branch, failed: false };
  }

  static getDerivedStateFromError(): Partial<GuardState> {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.how.failed(this.props.branch.block.key, error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : <Drawn {...this.props} />;
  }
}
