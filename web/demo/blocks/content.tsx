import type { ReactNode } from 'react';
import type { BlockProps } from '../context';
import { objects, oneOf, photo, picture, text, texts } from '../data';
import { LinkProp } from '../link';
import { Photo } from '../photo';

export function RichText({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  return (
    <section {...mark} className="prose" data-align={oneOf(props, 'align', ['start', 'center'])}>
      {text(props, 'title') && <h2 dir="auto">{text(props, 'title')}</h2>}
      {texts(props, 'paragraphs').map((paragraph, i) => <p key={i} dir="auto">{paragraph}</p>)}
      <LinkProp props={props} name="link" className="quiet" />
    </section>
  );
}

export function Faq({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  return (
    <section {...mark} className="faq">
      {text(props, 'title') && <h2 dir="auto">{text(props, 'title')}</h2>}
      <div>
        {objects(props, 'items').map((item, i) => (
          <details key={i}>
            <summary dir="auto">{text(item, 'question')}</summary>
            <p dir="auto">{text(item, 'answer')}</p>
          </details>
        ))}
      </div>
    </section>
  );
}

export function Image({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const image = photo(props, 'photo');
  const src = picture(text(props, 'src'));
  return (
    <figure {...mark} className="image" data-ratio={oneOf(props, 'ratio', ['wide', 'square', 'tall'])}>
      {image ? <Photo image={image} sizes="(max-width: 76rem) 100vw, 76rem" /> : src ? <img src={src} alt={text(props, 'alt')} loading="lazy" decoding="async" /> : <div className="gap" role="img" aria-label={text(props, 'alt')} />}
      {text(props, 'caption') && <figcaption dir="auto">{text(props, 'caption')}</figcaption>}
    </figure>
  );
}
