import { useEffect, useId, useState, type ReactNode } from 'react';
import { artOf, Picture } from '../art';
import type { BlockProps } from '../context';
import { number, objects, oneOf, photo, text } from '../data';
import { Icon, Star } from '../icons';
import { LinkProp } from '../link';
import { Photo } from '../photo';

/** The hero as build 2.0 ships it (2.1). */
export function Hero({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const facts = objects(props, 'facts').slice(0, 3);
  const image = photo(props, 'photo');
  return (
    <section {...mark} className="hero" data-tone={oneOf(props, 'tone', ['dusk', 'day', 'night'])}>
      <div className="words">
        {text(props, 'eyebrow') && <p className="eyebrow" dir="auto">{text(props, 'eyebrow')}</p>}
        <h1 dir="auto">{text(props, 'title')}</h1>
        {text(props, 'text') && <p className="lead" dir="auto">{text(props, 'text')}</p>}
        <p className="actions">
          <LinkProp props={props} name="link" className="button" />
          <LinkProp props={props} name="secondaryLink" className="quiet" />
        </p>
        {facts.length > 0 && (
          <dl className="facts">
            {facts.map((fact, i) => (
              <div key={i}>
                <dt dir="auto">{text(fact, 'label')}</dt>
                <dd dir="auto">{text(fact, 'value')}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <div className="stage">{image ? <Photo image={image} sizes="(max-width: 52rem) 100vw, 50vw" eager /> : <Picture art={artOf(text(props, 'art'))} />}</div>
    </section>
  );
}

/** The hero as build 1.0 shipped it (2.0): four props, one column. */
export function FirstHero({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  return (
    <section {...mark} className="hero first">
      <div className="words">
        <h1 dir="auto">{text(props, 'title')}</h1>
        {text(props, 'text') && <p className="lead" dir="auto">{text(props, 'text')}</p>}
        <p className="actions"><LinkProp props={props} name="link" className="button" /></p>
      </div>
      <div className="stage"><Picture art={artOf(text(props, 'art'))} /></div>
    </section>
  );
}

export function Banner({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  return (
    <section {...mark} className="banner" data-tone={oneOf(props, 'tone', ['quiet', 'warm', 'deep'])}>
      <div>
        <p className="title" dir="auto">{text(props, 'title')}</p>
        {text(props, 'text') && <p dir="auto">{text(props, 'text')}</p>}
      </div>
      <LinkProp props={props} name="link" className="button small" />
    </section>
  );
}

export function FeatureList({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const Heading = text(props, 'title') ? 'h3' : 'h2'; // no level of headings is skipped
  return (
    <section {...mark} className="features">
      {text(props, 'title') && <h2 dir="auto">{text(props, 'title')}</h2>}
      <ul>
        {objects(props, 'items').map((item, i) => (
          <li key={i}>
            <Icon name={text(item, 'icon')} />
            <Heading dir="auto">{text(item, 'title')}</Heading>
            {text(item, 'text') && <p dir="auto">{text(item, 'text')}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Testimonial({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const stars = Math.min(5, Math.max(0, Math.round(number(props, 'rating') ?? 5)));
  return (
    <figure {...mark} className="testimonial">
      <p className="stars" role="img" aria-label={`${stars} of 5 stars`}>
        {[1, 2, 3, 4, 5].map((n) => <Star key={n} on={n <= stars} />)}
      </p>
      <blockquote dir="auto">{text(props, 'quote')}</blockquote>
      <figcaption>
        <strong dir="auto">{text(props, 'author')}</strong>
        {text(props, 'role') && <span dir="auto">{text(props, 'role')}</span>}
      </figcaption>
    </figure>
  );
}

const PERIODS = { never: 0, daily: 86_400_000, weekly: 7 * 86_400_000 };

/** Milliseconds to go, or 0 when the moment has passed and does not repeat. */
export function remaining(endsAt: number, period: number, now: number): number {
  if (!Number.isFinite(endsAt)) return 0;
  if (endsAt > now) return endsAt - now;
  return period === 0 ? 0 : period - ((now - endsAt) % period);
}

export function Countdown({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const ends = Date.parse(text(props, 'endsAt'));
  const period = PERIODS[oneOf(props, 'repeats', ['never', 'daily', 'weekly'])];
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.floor(remaining(ends, period, now) / 1_000);
  const parts: readonly (readonly [string, number])[] = [
    ['days', Math.floor(left / 86_400)],
    ['hours', Math.floor(left / 3_600) % 24],
    ['minutes', Math.floor(left / 60) % 60],
    ['seconds', left % 60],
  ];
  return (
    <section {...mark} className="countdown">
      <div className="words">
        <h2 dir="auto">{text(props, 'title')}</h2>
        {text(props, 'text') && <p dir="auto">{text(props, 'text')}</p>}
        <LinkProp props={props} name="link" className="button light" />
      </div>
      {left > 0 ? (
        <div className="digits" role="timer" aria-live="off">
          {parts.map(([unit, value]) => (
            <div key={unit}>
              <span className="value">{String(value).padStart(2, '0')}</span>
              <span className="unit">{unit}</span>
            </div>
          ))}
        </div>
      ) : (
        <p className="done" dir="auto">{text(props, 'doneText', 'It is time.')}</p>
      )}
    </section>
  );
}

export function Newsletter({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const [sent, setSent] = useState(false);
  const id = useId();
  return (
    <section {...mark} className="newsletter">
      <div className="words">
        <h2 dir="auto">{text(props, 'title')}</h2>
        {text(props, 'text') && <p dir="auto">{text(props, 'text')}</p>}
      </div>
      {sent ? (
        <p className="thanks" role="status" dir="auto">{text(props, 'thanks', 'Thank you. The next letter is yours.')}</p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault(); // nothing typed here leaves the page
            setSent(true);
          }}
        >
          <label htmlFor={id}>E-mail address</label>
          <input id={id} type="email" required autoComplete="email" placeholder={text(props, 'placeholder', 'you@example.org')} />
          <button type="submit" className="button">{text(props, 'button', 'Subscribe')}</button>
        </form>
      )}
    </section>
  );
}
