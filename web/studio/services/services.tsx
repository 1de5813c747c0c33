import { Button } from '@mantine/core';
import { ClipboardCheck, SquareArrowOutUpRight } from 'lucide-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { useLocation, useSearch } from 'wouter';
import { useMay } from '../access/may';
import { useAlerts } from '../alerts/alerts';
import { and, plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { serviceOf } from '../shell/places';
import { Away } from '../ui/away';
import { Code } from '../ui/code';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { CheckSchema } from './check';
import { SONATA, type Summary } from './fleet/graph';
import { useSummary } from './fleet/live';
import { FRONTENDS, type Service } from './graph';
import { useServices } from './live';
import { ServiceMap } from './map';
import { Line } from './processes';
import { Row } from './row';
import './services.css';

const NOBODY: readonly Summary[] = [];

/** The backends that make up the graph, as they are now. */
export default function Services(): ReactNode {
  const mayRead = useMay('services:read');
  const { services, figuresOf, scaleOf, supergraph, away } = useServices(!mayRead.allowed);
  const fleet = useSummary(!mayRead.allowed) ?? NOBODY;
  const [checking, check] = useState(false);
  const { chosen, marked, choose } = useChosen();
  const alerts = useAlerts();
  if (!mayRead.allowed) return <Page title="Services"><Empty title="You cannot see the services">{mayRead.why}</Empty></Page>;
  const turn = (name: string): void => choose(chosen === name ? undefined : name);
  // What runs and is no published service; Sonata itself comes last.
  const others = services ? [...new Set(fleet.map(({ serviceName }) => serviceName))].filter((name) => !services.some((service) => service.name === name)).sort((a, b) => Number(a === SONATA) - Number(b === SONATA)) : [];
  const start = <Button variant="default" leftSection={<ClipboardCheck size={16} aria-hidden="true" />} onClick={() => check(true)}>Check a schema</Button>;
  return (
    <Page title="Services" lead={<>The backends that make up the one graph. {services && services.length > 0 && <span role="status">{summary(services, alerts.length)}</span>}</>} actions={start}>
      {!services ? (away ? <Away /> : <Waiting rows={3} height={120} />) : (
        <div className="services">
          {services.length === 0 ? <div><None /></div> : <Map services={services} figuresOf={figuresOf} supergraph={supergraph?.number} chosen={chosen} choose={choose} />}
          {services.length > 0 && (
            <ul className="card lines service-list" aria-label="Services">
              {services.map((of) => <Row key={of.name} of={of} figures={figuresOf(of.name)} scale={scaleOf(of.name)} crew={fleet.filter(({ serviceName }) => serviceName === of.name)} marked={marked} open={chosen === of.name} turn={() => turn(of.name)} />)}
            </ul>
          )}
          {others.length > 0 && (
            <ul className="card lines service-list" aria-label="Other processes">
              {others.map((name) => <Line key={name} name={name} of={fleet.filter(({ serviceName }) => serviceName === name)} marked={marked} open={chosen === name} turn={() => turn(name)} />)}
            </ul>
          )}
        </div>
      )}
      {checking && <CheckSchema close={() => check(false)} />}
    </Page>
  );
}

interface Chosen {
  /** Name of the service that is open. */
  readonly chosen: string | undefined;
  /** Id of the instance that somebody was sent to. */
  readonly marked: string | undefined;
  readonly choose: (name: string | undefined) => void;
}

/** Which service is open, by the address, so that it can be sent to somebody. */
function useChosen(): Chosen {
  const { frontend: { slug } } = useFrontend();
  const asked = new URLSearchParams(useSearch());
  const chosen = asked.get('service') ?? undefined;
  const [, go] = useLocation();
  useEffect(() => {
    if (chosen !== undefined) document.getElementById(`service-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const choose = useCallback((name: string | undefined) => go(name === undefined ? `/${slug}/services` : serviceOf(slug, name), { replace: true }), [go, slug]);
  return { chosen, marked: asked.get('instance') ?? undefined, choose };
}

function summary(services: readonly Service[], alerts: number): string {
  const of = (state: Service['health']['state']): number => services.filter(({ health }) => health.state === state).length;
  const down = of('DOWN');
  const degraded = of('DEGRADED');
  if (down + degraded === 0 && alerts > 0) return `All of them answer, and there ${alerts === 1 ? 'is' : 'are'} ${plural(alerts, 'alert')}.`;
  if (down + degraded === 0) return services.length === 1 ? 'Nothing is wrong.' : `Nothing is wrong with any of the ${services.length}.`;
  return `${and([...(down > 0 ? [`${down} of ${services.length} ${down === 1 ? 'is' : 'are'} down`] : []), ...(degraded > 0 ? [`${degraded} of ${services.length} ${degraded === 1 ? 'is' : 'are'} degraded`] : [])])}.`;
}

function Map(props: Omit<Parameters<typeof ServiceMap>[0], 'frontends' | 'more'>): ReactNode {
  const { frontend } = useFrontend();
  const [{ data }] = useQuery({ query: FRONTENDS });
  const frontends = data?.frontends?.edges.map(({ node }) => node) ?? [frontend];
  return <ServiceMap frontends={frontends} more={Math.max(0, (data?.frontends?.totalCount ?? 0) - frontends.length)} {...props} />;
}

/** How a first service joins. */
function None(): ReactNode {
  const publish = `sonata subgraph publish --server ${location.origin} --service catalog --url http://127.0.0.1:8091/graphql --introspect`;
  return (
    <>
      <Empty title="No service is part of the graph yet" actions={<Button component="a" href="/graphiql" target="_blank" rel="noopener" variant="default" rightSection={<SquareArrowOutUpRight size={14} aria-hidden="true" />}>Look at the graph in GraphiQL</Button>}>
        A service keeps its process, its language and its database. It publishes its schema, and from the next moment on its types are part of the graph that every frontend asks. This page shows it as soon as it is there.
      </Empty>
      <ol className="steps">
        <li><p><b>Start a service.</b> The example is a catalog of products, in the repository of Sonata:</p><Code label="The command that starts the example" text="go run ./examples/catalog" /></li>
        <li><p><b>Publish its schema.</b> <code>--introspect</code> asks the service for it, <code>--schema catalog.graphql</code> takes it from a file. In the repository, <code>go run .</code> is <code>sonata</code>:</p><Code label="The command that publishes its schema" text={publish} /></li>
        <li><p><b>Ask for its products</b> beside everything else, <a href="/graphiql" target="_blank" rel="noopener">in GraphiQL</a> or from a frontend: nothing is built or restarted for it.</p></li>
      </ol>
    </>
  );
}
