import { Button } from '@mantine/core';
import { ClipboardCheck, SquareArrowOutUpRight } from 'lucide-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { useLocation, useSearch } from 'wouter';
import { useMay } from '../access/may';
import { and } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Code } from '../ui/code';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { CheckSchema } from './check';
import { FRONTENDS, type Service } from './graph';
import { useServices } from './live';
import { ServiceMap } from './map';
import { Row } from './row';
import './services.css';

/** The backends that make up the graph, as they are now. */
export default function Services(): ReactNode {
  const mayRead = useMay('services:read');
  const { services, figuresOf, supergraph, away } = useServices(!mayRead.allowed);
  const [checking, check] = useState(false);
  const [chosen, choose] = useChosen();
  if (!mayRead.allowed) return <Page title="Services"><Empty title="You cannot see the services">{mayRead.why}</Empty></Page>;
  const start = <Button variant="default" leftSection={<ClipboardCheck size={16} aria-hidden="true" />} onClick={() => check(true)}>Check a schema</Button>;
  return (
    <Page title="Services" lead={<>The backends that make up the one graph. {services && services.length > 0 && <span role="status">{summary(services)}</span>}</>} actions={start}>
      {!services ? (away ? <Away /> : <Waiting rows={3} height={120} />) : services.length === 0 ? <None /> : (
        <div className="services">
          <Map services={services} figuresOf={figuresOf} supergraph={supergraph?.number} chosen={chosen} choose={choose} />
          <ul className="card lines service-list" aria-label="Services">
            {services.map((of) => <Row key={of.name} of={of} figures={figuresOf(of.name)} open={chosen === of.name} turn={() => choose(chosen === of.name ? undefined : of.name)} />)}
          </ul>
        </div>
      )}
      {checking && <CheckSchema close={() => check(false)} />}
    </Page>
  );
}

/** Which service is open, by the address, so that it can be sent to somebody. */
function useChosen(): readonly [string | undefined, (name: string | undefined) => void] {
  const { frontend: { slug } } = useFrontend();
  const chosen = new URLSearchParams(useSearch()).get('service') ?? undefined;
  const [, go] = useLocation();
  useEffect(() => {
    if (chosen !== undefined) document.getElementById(`service-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return [chosen, useCallback((name) => go(`/${slug}/services${name === undefined ? '' : `?service=${encodeURIComponent(name)}`}`, { replace: true }), [go, slug])];
}

function summary(services: readonly Service[]): string {
  const of = (state: Service['health']['state']): number => services.filter(({ health }) => health.state === state).length;
  const down = of('DOWN');
  const degraded = of('DEGRADED');
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
