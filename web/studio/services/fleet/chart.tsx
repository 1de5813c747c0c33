import { SegmentedControl } from '@mantine/core';
import { useId, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { recall, remember } from '../../lib/recall';
import { Waiting } from '../../ui/waiting';
import type { History } from './graph';
import { kinds, linesOf, measures, momentsOf, pathOf, topOf, type Kind, type Line } from './series';
import { drawn, Swatch } from './swatch';

const isKind = (value: unknown): value is Kind => kinds.includes(value as Kind);

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const short = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

interface ChartProps {
  readonly service: string;
  readonly of: readonly History[] | undefined;
  /** How the line of an instance looks: the same as beside its name. */
  readonly lookOf: (id: string) => number;
}

/** How the instances of a service did within the last quarter of an hour: one figure, a line for each. */
export function Chart({ service, of, lookOf }: ChartProps): ReactNode {
  const [kind, choose] = useState<Kind>(() => recall('chart', 'utilization', isKind));
  const [table, showTable] = useState(false);
  const id = useId();
  const moments = momentsOf(of ?? []);
  const lines = linesOf(of ?? [], kind, moments);
  return (
    <figure className="fleet-chart" aria-label={`The last 15 minutes of ${service}`}>
      <div className="fleet-kinds">
        <SegmentedControl size="xs" aria-label="What the chart shows" value={kind} onChange={(value) => { choose(value as Kind); remember('chart', value); }} data={kinds.map((value) => ({ value, label: measures[value].name }))} />
      </div>
      {!of ? <Waiting rows={1} height={190} /> : moments.length === 0 ? <p className="fleet-none faint">The first point is there in ten seconds.</p> : <Plot kind={kind} moments={moments} lines={lines} lookOf={lookOf} />}
      {moments.length > 0 && (
        <>
          <button type="button" className="fleet-turn" aria-expanded={table} aria-controls={table ? id : undefined} onClick={() => showTable(!table)}>{table ? 'Hide the table' : 'Show it as a table'}</button>
          {table && <Table id={id} service={service} kind={kind} moments={moments} lines={lines} />}
        </>
      )}
    </figure>
  );
}

interface PlotProps {
  readonly kind: Kind;
  readonly moments: readonly number[];
  readonly lines: readonly Line[];
  readonly lookOf: ChartProps['lookOf'];
}

/** Of so many the values are read out. */
const READ = 8;

const valueText = (kind: Kind, value: number | null | undefined): string => (value == null ? '–' : measures[kind].text(value));

function Plot({ kind, moments, lines, lookOf }: PlotProps): ReactNode {
  // A moment, not a place: it moves to the left with the figures until it leaves.
  const [moment, look] = useState<number>();
  const last = moments.length - 1;
  const found = moment === undefined ? -1 : moments.indexOf(moment);
  const at = found < 0 ? last : found;
  const top = topOf(lines, kind);
  const go = (to: number): void => look(moments[Math.min(last, Math.max(0, to))]);
  const point = ({ clientX, currentTarget }: PointerEvent<HTMLElement>): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    go(Math.round(last * (clientX - left) / width));
  };
  const key = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - 6, PageUp: at + 6, Home: 0, End: last }[event.key];
    if (to === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    if (to === undefined) look(undefined);
    else go(to);
  };
  const time = clock.format(moments[at]);
  const read = lines.slice(0, READ).map(({ name, values }) => `${name} ${valueText(kind, values[at])}`);
  return (
    <>
      <div className="fleet-plot">
        <div className="fleet-scale" aria-hidden="true">{[1, 0.5, 0].map((share) => <span key={share}>{measures[kind].text(share * top)}</span>)}</div>
        <div
          className="fleet-area" role="slider" tabIndex={0} aria-label={`${measures[kind].says}, by time`} aria-orientation="horizontal" aria-valuemin={0} aria-valuemax={last} aria-valuenow={at}
          aria-valuetext={[time, ...read, ...(lines.length > READ ? [`and ${lines.length - READ} more`] : [])].join(', ')}
          onKeyDown={key} onPointerMove={point} onPointerDown={point} onPointerLeave={() => look(undefined)} onBlur={() => look(undefined)}
        >
          <svg viewBox={`0 0 ${last} 100`} preserveAspectRatio="none" aria-hidden="true">
            {[0, 50, 100].map((y) => <path key={y} className="fleet-rule" d={`M0 ${y}H${last}`} vectorEffect="non-scaling-stroke" />)}
            {lines.map(({ id, values }) => <path key={id} className="fleet-line" {...drawn(lookOf(id))} d={pathOf(values, top)} vectorEffect="non-scaling-stroke" />)}
          </svg>
          {found >= 0 && <span className="fleet-cursor" style={{ left: `${100 * at / last}%` }} />}
          {found >= 0 && lines.map(({ id, values }) => {
            const value = values[at];
            return value == null ? null : <span key={id} className="fleet-dot" {...drawn(lookOf(id))} style={{ left: `${100 * at / last}%`, top: `${100 - 100 * Math.min(1, value / top)}%` }} />;
          })}
        </div>
        <div className="fleet-times" aria-hidden="true"><span>{short.format(moments[0])}</span><span>{short.format(moments[Math.round(last / 2)])}</span><span>{short.format(moments[last])}</span></div>
      </div>
      <figcaption className="fleet-legend">
        <span className="fleet-at">{measures[kind].says}, at <b>{time}</b></span>
        <ul aria-label={`${measures[kind].says}, at the moment that is looked at`}>{lines.map(({ id, name, values }) => <li key={id}><Swatch of={lookOf(id)} /><bdi className="truncate">{name}</bdi> <b>{valueText(kind, values[at])}</b></li>)}</ul>
      </figcaption>
    </>
  );
}

interface TableProps extends Omit<PlotProps, 'lookOf'> {
  readonly id: string;
  readonly service: string;
}

/** The same in figures, the newest first. */
function Table({ id, service, kind, moments, lines }: TableProps): ReactNode {
  const known = moments.map((_, i) => i).filter((i) => lines.some(({ values }) => values[i] !== null)).reverse();
  return (
    <div id={id} className="fleet-table" role="region" aria-label={`${measures[kind].name} of ${service} as a table`} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{measures[kind].says}, every ten seconds, the newest first</caption>
        <thead><tr><th scope="col">Time</th>{lines.map(({ id: of, name }) => <th key={of} scope="col"><bdi>{name}</bdi></th>)}</tr></thead>
        <tbody>{known.map((i) => <tr key={moments[i]}><th scope="row">{clock.format(moments[i])}</th>{lines.map(({ id: of, values }) => <td key={of}>{valueText(kind, values[i])}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
