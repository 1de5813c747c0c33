import type { ReactNode } from 'react';
import type { Rect } from './messages';
import { draftKeyOf } from './snapshot';

export interface Marks {
  /** A block of the draft. */
  readonly selected: string | null;
  /** A block of the guest. */
  readonly hovered: string | null;
  /** Messages of blocks that could not be drawn. */
  readonly failed: ReadonlyMap<string, string>;
  /** What a block is called, by its key in the draft. */
  readonly name: (key: string) => string;
}

interface OutlinesProps {
  readonly rects: readonly Rect[];
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  readonly marks: Marks;
}

interface Box { readonly left: number; readonly top: number; readonly width: number; readonly height: number }

/** Lines around blocks, drawn over the frame where the guest says that they are. They never leave the frame. */
export function Outlines({ rects, scale, width, height, marks: { selected, hovered, failed, name } }: OutlinesProps): ReactNode {
  // Blocks of a shared part are one block of the draft.
  const boxOf = (key: string): Box | undefined => {
    const all = rects.filter((rect) => draftKeyOf(rect.key) === key);
    if (all.length === 0) return undefined;
    const edge = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value));
    const left = edge(-4, Math.min(...all.map(({ x }) => x)) * scale, width);
    const top = edge(-4, Math.min(...all.map(({ y }) => y)) * scale, height);
    const right = edge(0, Math.max(...all.map(({ x, w }) => x + w)) * scale, width + 4);
    const bottom = edge(0, Math.max(...all.map(({ y, h }) => y + h)) * scale, height + 4);
    return right > 0 && bottom > 0 && left < width && top < height ? { left, top, width: right - left, height: bottom - top } : undefined;
  };
  const over = hovered === null ? null : draftKeyOf(hovered);
  return (
    <div className="outlines" aria-hidden="true">
      {[...failed.keys()].map((key) => <Outline key={`failed ${key}`} of={draftKeyOf(key)} kind="failed" box={boxOf(draftKeyOf(key))} />)}
      {over !== null && over !== selected && <Outline of={over} kind="hovered" box={boxOf(over)} label={name(over)} />}
      {selected !== null && <Outline of={selected} kind="selected" box={boxOf(selected)} label={name(selected)} />}
    </div>
  );
}

function Outline({ of, kind, box, label }: { readonly of: string; readonly kind: string; readonly box: Box | undefined; readonly label?: string }): ReactNode {
  if (!box) return null;
  return (
    <div className="outline" data-kind={kind} data-of={of} style={box}>
      {label !== undefined && <span className="outline-name truncate" data-inside={box.top < 20 || undefined} dir="auto">{label}</span>}
    </div>
  );
}
