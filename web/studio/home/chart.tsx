import { useMemo, useState, type PointerEvent, type ReactNode } from 'react';
import { count, plural } from '../lib/format';
import type { Usage } from './usage';

const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayHour = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });

const HEIGHT = 96;
/** Below the line: where hours with render errors are marked. */
const BELOW = 10;

/** A round number at or above the largest one, so that the axis can be read. */
function ceiling(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= most) ?? most;
}

/**
 * Views by the hour, from zero, with hours that had render errors marked below the line. A slider lies over it: pointer
 * and arrow keys read single hours, and the same figures stand in a table.
 */
export function Chart({ hours }: { readonly hours: Usage['hours'] }): ReactNode {
  const [at, read] = useState<number>();
  const top = useMemo(() => ceiling(Math.max(...hours.map(({ count: { views } }) => views))), [hours]);
  const last = hours.length - 1;
  const long = hours.length > 48;
  const name = (entry: Usage['hours'][number] | undefined): string => (entry ? (long ? dayHour : hour).format(new Date(entry.at)) : '');
  const says = (entry: Usage['hours'][number] | undefined): string =>
    entry ? `${name(entry)}${entry === hours[last] ? ' (so far)' : ''}: ${plural(entry.count.views, 'view')}, ${plural(entry.count.clicks, 'click')}, ${plural(entry.count.renderErrors, 'render error')}` : '';
  const shown = Math.min(at ?? last, last);
  const point = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    read(Math.max(0, Math.min(last, Math.floor(((event.clientX - box.left) / box.width) * hours.length))));
  };
  return (
    <figure className="chart">
      <figcaption className="row">
        <span className="faint">Views by the hour{hours.some(({ count: { renderErrors } }) => renderErrors > 0) && <> · <span className="chart-key" aria-hidden="true" /> hours with render errors</>}</span>
        <output className="push" aria-hidden="true" data-testid="hour">{says(hours[shown])}</output>
      </figcaption>
      <div className="chart-plot" onPointerMove={point} onPointerLeave={() => read(undefined)}>
        <svg viewBox={`0 0 ${hours.length * 10} ${HEIGHT + BELOW}`} preserveAspectRatio="none" aria-hidden="true">
          {hours.map((entry, i) => {
            const tall = (entry.count.views / top) * HEIGHT;
            return (
              <g key={entry.at} data-at={i === shown && at !== undefined ? '' : undefined} data-running={i === last ? '' : undefined}>
                <rect className="chart-back" x={i * 10} y={0} width={10} height={HEIGHT} />
                {tall > 0 && <rect className="chart-views" x={i * 10 + 1} y={HEIGHT - Math.max(tall, 1.5)} width={8} height={Math.max(tall, 1.5)} />}
                {entry.count.renderErrors > 0 && <rect className="chart-errors" x={i * 10 + 1} y={HEIGHT + 4} width={8} height={6} />}
              </g>
            );
          })}
          <line x1="0" x2={hours.length * 10} y1={HEIGHT} y2={HEIGHT} vectorEffect="non-scaling-stroke" />
        </svg>
        <input
          type="range" min={0} max={last} step={1} value={shown} aria-label="Hour" aria-valuetext={says(hours[shown])}
          onChange={(event) => read(Number(event.currentTarget.value))} onFocus={() => read(shown)} onBlur={() => read(undefined)}
        />
        <span className="chart-top faint" aria-hidden="true">{count(top)}</span>
      </div>
      <p className="row faint chart-axis" aria-hidden="true"><span>{name(hours[0])}</span><span className="push">now</span></p>
      <details className="chart-table">
        <summary className="muted">As a table</summary>
        <div tabIndex={0} role="region" aria-label="Usage by the hour">
          <table className="usage-table">
            <thead><tr><th scope="col">Hour</th><th scope="col">views</th><th scope="col">clicks</th><th scope="col">errors</th></tr></thead>
            <tbody>
              {[...hours].reverse().map((entry) => (
                <tr key={entry.at}><th scope="row">{name(entry)}</th><td>{count(entry.count.views)}</td><td>{count(entry.count.clicks)}</td><td>{count(entry.count.renderErrors)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
