import type { ReactNode } from 'react';
import { useShop, type BlockProps } from '../context';
import { objects, oneOf, text } from '../data';
import { Link } from '../link';

export function Page({ block, mark, slot }: BlockProps): ReactNode {
  return <div {...mark} className="page" data-width={oneOf(block.props, 'width', ['normal', 'wide'])}>{slot('children')}</div>;
}

export function Section({ block, mark, slot }: BlockProps): ReactNode {
  const title = text(block.props, 'title');
  const intro = text(block.props, 'intro');
  return (
    <section {...mark} className="band" data-tone={oneOf(block.props, 'tone', ['plain', 'tint', 'deep'])}>
      <div className="inner">
        {(title || intro) && (
          <header className="heading">
            {title && <h2 dir="auto">{title}</h2>}
            {intro && <p dir="auto">{intro}</p>}
          </header>
        )}
        <div className="arrange" data-layout={oneOf(block.props, 'layout', ['stack', 'columns', 'split'])}>{slot('children')}</div>
      </div>
    </section>
  );
}

export function Footer({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const shop = useShop();
  return (
    <footer {...mark} className="footer" data-path={shop.path}>
      <div className="inner">
        <div className="about">
          <p className="wordmark" dir="auto">{text(props, 'brand')}</p>
          {text(props, 'tagline') && <p dir="auto">{text(props, 'tagline')}</p>}
        </div>
        {objects(props, 'groups').map((group, i) => (
          <nav key={i} aria-label={text(group, 'title')}>
            <h2 dir="auto">{text(group, 'title')}</h2>
            <ul>
              {objects(group, 'links').map((link, j) => (
                <li key={j}><Link href={text(link, 'href')}>{text(link, 'label')}</Link></li>
              ))}
            </ul>
          </nav>
        ))}
        {text(props, 'legal') && <p className="legal" dir="auto">{text(props, 'legal')}</p>}
      </div>
    </footer>
  );
}
