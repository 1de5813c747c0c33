import { ActionIcon, Button, Menu, Popover, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Columns2, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEditor } from '../editor/context';
import { plural } from '../lib/format';
import { isSegment } from './path';
import { draftKeyOf } from './snapshot';
import { WIDTHS, type Width } from './view';

interface WidthsProps {
  readonly width: Width;
  readonly choose: (width: Width) => void;
  readonly zoom: number;
}

/** How wide the page is drawn, in its own pixels. */
export function Widths({ width, choose, zoom }: WidthsProps): ReactNode {
  return (
    <>
      <SegmentedControl
        size="xs" aria-label="Width of the preview" value={width}
        onChange={(value) => choose(value as Width)}
        data={WIDTHS.map((value) => ({ value, label: value === 'full' ? 'Full' : <>{value}<span className="visually-hidden"> pixels</span></> }))}
      />
      <span className="zoom faint">{Math.round(zoom * 100)} %</span>
    </>
  );
}

interface ExampleProps {
  /** As it is opened. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly change: (name: string, value: string) => void;
}

/** Which address a screen whose path has parameters is shown at. */
export function Example({ path, params, change }: ExampleProps): ReactNode {
  const names = Object.keys(params);
  // A page of the customer's own is loaded again at each address: not at every letter of it.
  const later = useDebouncedCallback((name: string, value: string) => {
    if (isSegment(value)) change(name, value);
  }, { delay: 300, flushOnUnmount: true });
  if (names.length === 0) return null;
  return (
    <Popover width={240} trapFocus returnFocus shadow="lg">
      <Popover.Target>
        <Button className="example" variant="subtle" color="gray" size="compact-sm" aria-label={`Preview as ${path}`}><span className="truncate mono" dir="ltr">{path}</span></Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Preview as">
        <div className="stack">
          <p className="muted">The path of this screen fits many addresses. Show it as one of them.</p>
          {names.map((name) => (
            <TextInput key={name} size="xs" label={name} defaultValue={params[name] ?? ''} maxLength={100} dir="auto" onChange={(event) => later(name, event.target.value)} />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Opens and closes the live screen beside the draft. */
export function BesideButton({ on, toggle }: { readonly on: boolean; readonly toggle: () => void }): ReactNode {
  return (
    <Tooltip label="Draft beside live">
      <ActionIcon aria-label="Draft beside live" aria-pressed={on} variant={on ? 'light' : 'subtle'} color={on ? 'green' : 'gray'} onClick={toggle}><Columns2 size={16} aria-hidden="true" /></ActionIcon>
    </Tooltip>
  );
}

interface FailuresProps {
  /** Messages by key of the block in the preview. */
  readonly failed: ReadonlyMap<string, string>;
  readonly name: (key: string) => string;
}

/** Blocks that the page could not draw. */
export function Failures({ failed, name }: FailuresProps): ReactNode {
  const { select } = useEditor();
  if (failed.size === 0) return null;
  return (
    <Menu width={300}>
      <Menu.Target>
        <Button size="compact-sm" variant="light" color="red" leftSection={<TriangleAlert size={14} aria-hidden="true" />} aria-label={`${plural(failed.size, 'block')} could not be drawn`}>{failed.size}</Button>
      </Menu.Target>
      <Menu.Dropdown className="preview-menu">
        <Menu.Label>The page could not draw</Menu.Label>
        {[...failed].slice(0, 20).map(([key, message]) => (
          <Menu.Item key={key} onClick={() => select(draftKeyOf(key))}>
            <b dir="auto">{name(draftKeyOf(key))}</b>
            <span className="failure muted" dir="auto">{message || 'It said nothing about why.'}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
