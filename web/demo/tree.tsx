// Turns a snapshot into elements. The list is flat; slots say who holds whom. React's key is the block's key, which is
// stable across releases: a swap updates what changed and leaves the rest, its focus and its scroll position alone.
import { Component, memo, useMemo, type ReactNode } from 'react';
import type { Registry } from './registry';
import type { Block, Snapshot } from './types';

interface GuardState {
  readonly block: Block;
  readonly failed: boolean;
}

/** One broken block must not take the screen along. It is tried again when its content changes. */
class Guard extends Component<{ readonly block: Block; readonly children: ReactNode }, GuardState> {
  override state: GuardState = { block: this.props.block, failed: false };

  static getDerivedStateFromProps(props: { block: Block }, state: GuardState): GuardState | null {
    return state.block === props.block ? null : { block: props.block, failed: false };
  }

  static getDerivedStateFromError(): Partial<GuardState> {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error(`The block ${JSON.stringify(this.props.block.key)} could not be rendered.`, error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}

interface TreeProps {
  readonly blocks: ReadonlyMap<string, Block>;
  readonly registry: Registry;
}

interface NodeProps extends TreeProps {
  readonly block: Block;
  readonly above: ReadonlySet<string>;
}

function Node({ block, blocks, registry, above }: NodeProps): ReactNode {
  const known = registry.get(block.component);
  if (!known || block.version.split('.')[0] !== known.major) return null;
  const Render = known.render;
  const here = new Set(above).add(block.key);
  const slot = (name: string): ReactNode =>
    block.slots.find((s) => s.name === name)?.blocks.map((key) => {
      const child = blocks.get(key);
      // A block that holds itself cannot come from the server; if it does, it must not hang the tab.
      if (!child || here.has(key)) return null;
      return <Guard key={key} block={child}><Node block={child} blocks={blocks} registry={registry} above={here} /></Guard>;
    });
  return <Render block={block} mark={{ 'data-block': block.key }} slot={slot} />;
}

const NOBODY: ReadonlySet<string> = new Set();

export const Tree = memo(function Tree({ snapshot, registry }: { readonly snapshot: Snapshot; readonly registry: Registry }): ReactNode {
  const blocks = useMemo(() => new Map(snapshot.blocks.map((block) => [block.key, block])), [snapshot]);
  const root = blocks.get(snapshot.root);
  if (!root) return null;
  return <Guard key={root.key} block={root}><Node block={root} blocks={blocks} registry={registry} above={NOBODY} /></Guard>;
});

/** Keys of the blocks whose own content differs. */
export function changedBlocks(before: Snapshot, after: Snapshot): string[] {
  const old = new Map(before.blocks.map((block) => [block.key, JSON.stringify([block.component, block.props])]));
  return after.blocks.filter((block) => old.get(block.key) !== JSON.stringify([block.component, block.props])).map((block) => block.key);
}
