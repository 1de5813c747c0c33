import { AppWindow } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { duration, plural } from '../lib/format';
import type { Figures, Service } from './graph';
import { looks } from './health';

/** Height of a node and of the room below it, in rem: the lines are drawn by them. */
const NODE = 3.5;
const GAP = 0.625;
const heightOf = (nodes: number): number => nodes * (NODE + GAP) - GAP;

interface MapProps {
  readonly frontends: readonly { readonly id: string; readonly slug: string; readonly name: string }[];
  /** More frontends than are drawn. */
  readonly more: number;
  readonly services: readonly Service[];
  readonly figuresOf: (name: string) => Figures | undefined;
  readonly supergraph: number | undefined;
  readonly chosen: string | undefined;
  readonly choose: (name: string) => void;
}

/** Who asks, and who answers: frontends, Sonata between them, and services. */
export function ServiceMap({ frontends, more, services, figuresOf, supergraph, chosen, choose }: MapProps): ReactNode {
  const left = frontends.length + (more > 0 ? 1 : 0);
  const height = heightOf(Math.max(left, services.length, 1));
  const most = Math.max(1, ...services.map(({ name }) => figuresOf(name)?.calls ?? 0));
  const asked = services.reduce((sum, { name }) => sum + (figuresOf(name)?.calls ?? 0), 0);
  return (
    <div className="service-map" role="group" aria-label="Map of frontends, Sonata and services">
      <div className="map-column">
        <h2>Frontends</h2>
        <ul style={{ minHeight: `${height}rem` }}>
          {frontends.map(({ id, slug, name }) => (
            <li key={id}><Link href={`/${slug}`} className="map-node"><AppWindow size={18} aria-hidden="true" /><span><b className="truncate"><bdi>{name}</bdi></b><span className="faint truncate">{slug}</span></span></Link></li>
          ))}
          {more > 0 && <li className="map-more faint">and {plural(more, 'more', 'more')}</li>}
        </ul>
      </div>
      <Lines height={height} of={Array.from({ length: Math.max(left, 1) }, () => ({ tone: 'plain', width: 1.5 }))} to="end" />
      <div className="map-column map-middle">
        <h2 className="map-spacer" aria-hidden="true">&nbsp;</h2>
        <div style={{ minHeight: `${height}rem` }}>
          <p className="map-sonata"><img src="/favicon.svg" alt="" width="36" height="36" /><b>Sonata</b><span>{supergraph === undefined ? 'its own part' : `graph version ${supergraph}`}</span><span>{plural(asked, 'call')} in 5 min</span></p>
        </div>
      </div>
      <Lines height={height} of={services.map(({ name, health: { state } }) => ({ tone: looks[state].tone, width: 1.5 + 2.5 * Math.sqrt((figuresOf(name)?.calls ?? 0) / most), broken: state === 'DOWN' }))} to="start" />
      <div className="map-column">
        <h2>Services</h2>
        <ul style={{ minHeight: `${height}rem` }}>
          {services.map(({ name, live, health: { state } }) => {
            const { icon: Icon, word, tone } = looks[state];
            const figures = figuresOf(name);
            return (
              <li key={name}>
                <button type="button" className="map-node" data-tone={tone} aria-pressed={chosen === name} onClick={() => choose(name)}>
                  <Icon size={18} aria-hidden="true" />
                  <span><b className="truncate"><bdi>{name}</bdi></b><span className="map-says truncate"><span className="map-state">{word}</span>{live && <span className="faint"> · v{live.number}</span>}{figures?.p50Ms != null && <span className="faint"> · {duration(figures.p50Ms)}</span>}</span></span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

interface Line {
  readonly tone: string;
  readonly width: number;
  readonly broken?: boolean;
}

/** From each node of a column to the middle, or from there. Thicker is asked more; broken is not asked. */
function Lines({ height, of, to }: { readonly height: number; readonly of: readonly Line[]; readonly to: 'start' | 'end' }): ReactNode {
  const top = (height - heightOf(of.length)) / 2;
  return (
    <svg className="map-lines" viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" style={{ height: `${height}rem` }} aria-hidden="true">
      {of.map(({ tone, width, broken }, i) => {
        const y = top + i * (NODE + GAP) + NODE / 2;
        const [from, until] = to === 'end' ? [y, height / 2] : [height / 2, y];
        return <path key={i} data-tone={tone} d={`M0 ${from}C55 ${from} 45 ${until} 100 ${until}`} strokeWidth={width} strokeDasharray={broken ? '2 7' : undefined} vectorEffect="non-scaling-stroke" />;
      })}
    </svg>
  );
}
