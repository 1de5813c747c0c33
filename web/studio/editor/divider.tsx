import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

interface DividerProps {
  readonly label: string;
  readonly value: number;
  readonly limits: readonly [number, number];
  /** 1 when the pane is before it, -1 when it is behind it. */
  readonly grows: 1 | -1;
  readonly resize: (width: number) => void;
  readonly disabled: boolean;
}

const STEP = 24;

/** A line that can be dragged, or moved with the arrow keys. */
export function Divider({ label, value, limits: [min, max], grows, resize, disabled }: DividerProps): ReactNode {
  const from = useRef<{ readonly x: number; readonly value: number }>(undefined);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (disabled || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, value };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const start = from.current;
    if (start) resize(start.value + (event.clientX - start.x) * grows * (document.dir === 'rtl' ? -1 : 1));
  };
  const end = (): void => {
    from.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowLeft: -STEP * grows, ArrowRight: STEP * grows, Home: min - value, End: max - value };
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (step === undefined || disabled) return;
    event.preventDefault();
    resize(value + step);
  };
  return (
    <div
      className="divider" role="separator" aria-orientation="vertical" aria-label={label} aria-valuenow={value} aria-valuemin={min} aria-valuemax={max} tabIndex={disabled ? -1 : 0} data-disabled={disabled || undefined}
      onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={end} onPointerCancel={end} onKeyDown={onKeyDown}
    />
  );
}
