import { useEffect, useRef, type ReactNode } from 'react';
import { exactly } from '../../lib/format';
import { Frame, useChange, type FieldProps } from './field';
import { TextField } from './textfields';

const two = (n: number): string => String(n).padStart(2, '0');

/** The moment as the field of this browser writes it: in the time of the person at it. Empty when it is no moment. */
export function toLocal(text: string): string {
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/i.test(text) || Number.isNaN(at.getTime())) return '';
  const seconds = at.getSeconds() > 0 ? `:${two(at.getSeconds())}` : '';
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}${seconds}`;
}

/** What is stored: the same moment for everybody. */
export const fromLocal = (text: string): string | undefined => {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace('.000Z', 'Z');
};

const toTime = (text: string): string => (/^\d\d:\d\d(:\d\d)?(\.\d+)?z$/i.test(text) ? text.slice(0, /^\d\d:\d\d:00/.test(text) ? 5 : 8) : '');
const fromTime = (text: string): string => `${text.length === 5 ? `${text}:00` : text}Z`;

/** Dates and times. What the browser's field cannot show is shown as the text that it is. */
export function DateField(props: FieldProps): ReactNode {
  const change = useChange(props);
  const { kind } = props.field;
  const text = typeof props.value === 'string' ? props.value : '';
  const shown = kind === 'date-time' ? toLocal(text) : kind === 'time' ? toTime(text) : /^\d{4}-\d\d-\d\d$/.test(text) ? text : '';
  const input = useRef<HTMLInputElement>(null);
  // The browser owns the field while somebody is in it: half a date has no value, and writing one would wipe it out. What
  // came from elsewhere, undo for one, is shown all the same.
  const mine = useRef(shown);
  useEffect(() => {
    if (input.current && shown !== mine.current) input.current.value = shown;
    mine.current = shown;
  }, [shown]);
  if (text !== '' && shown === '') return <TextField {...props} />;
  const store = (typed: string): void => {
    mine.current = typed;
    if (typed === '') change(undefined);
    else change(kind === 'date-time' ? fromLocal(typed) : kind === 'time' ? fromTime(typed) : typed, true);
  };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Frame
      of={props} clear={!props.required && text !== ''}
      note={kind === 'date-time' ? <span className="field-help">{shown ? `${exactly(text)}, ` : 'In '}your time{zone && ` (${zone.replace(/_/g, ' ')})`}</span> : kind === 'time' ? <span className="field-help">UTC</span> : undefined}
    >
      {(control) => <input {...control} ref={input} className="form-input form-date" type={kind === 'date-time' ? 'datetime-local' : kind} step={shown.split(':').length > 2 ? 1 : undefined} defaultValue={shown} onChange={({ currentTarget }) => currentTarget.validity.badInput || store(currentTarget.value)} />}
    </Frame>
  );
}
