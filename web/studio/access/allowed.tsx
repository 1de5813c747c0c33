import { Menu, Tooltip } from '@mantine/core';
import { cloneElement, useId, type MouseEvent, type ReactElement, type ReactNode } from 'react';
import './access.css';
import type { May } from './may';

interface Control {
  readonly onClick?: unknown;
  readonly disabled?: boolean;
}

interface AllowedProps {
  readonly may: May;
  /** One control that is pressed: a button, a link that looks like one, an item of a menu. */
  readonly children: ReactElement<Control>;
  /** What an allowed control says about itself when it is pointed at. */
  readonly label?: string;
}

/** A control that is denied stays where it is and can be reached; it does nothing and says what is missing. */
export function Allowed({ may, children, label }: AllowedProps): ReactNode {
  const id = useId();
  if (may.allowed) return label === undefined ? children : <Tooltip label={label}>{children}</Tooltip>;
  const stop = (event: MouseEvent): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  const denied = { 'aria-disabled': true, 'data-denied': true, 'aria-describedby': id, disabled: false, onClick: stop, onClickCapture: stop };
  // The arrow keys of a menu pass over what is disabled; what is denied is there to be read.
  const looks = children.type === Menu.Item ? {} : { 'data-disabled': true };
  return (
    <>
      <Tooltip label={may.why} multiline maw="20rem">{cloneElement(children, { ...denied, ...looks } as Control)}</Tooltip>
      <span id={id} hidden>{may.why}</span>
    </>
  );
}

/** Above what can be looked at and not changed. */
export function Denied({ may, children }: { readonly may: May; readonly children?: ReactNode }): ReactNode {
  if (may.allowed) return null;
  return <p className="denied" role="note">{children} {may.why}</p>;
}
