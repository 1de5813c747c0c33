import type { Props } from '@sonata/sdk';
import { useState, type ReactNode } from 'react';
import { artOf, Picture } from '../art';
import { useShop, type BlockProps } from '../context';
import { number, object, objects, text } from '../data';
import { Link, LinkProp } from '../link';

function Price({ product }: { readonly product: Props }): ReactNode {
  const price = object(product, 'price');
  const amount = number(price, 'amount');
  if (amount === undefined) return null;
  const currency = text(price, 'currency', 'EUR');
  let words: string;
  try {
    words = new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: Number.isInteger(amount) ? 0 : 2 }).format(amount);
  } catch {
    words = `${amount} ${currency}`; // not a currency code: say what is there
  }
  return <span className="price">{words}</span>;
}

const addressOf = (product: Props): string => `/products/${encodeURIComponent(text(product, 'handle'))}`;

export function ProductGrid({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const columns = Math.min(4, Math.max(2, Math.round(number(props, 'columns') ?? 4)));
  return (
    <section {...mark} className="grid">
      {(text(props, 'title') || text(props, 'intro')) && (
        <header className="heading">
          {text(props, 'title') && <h2 dir="auto">{text(props, 'title')}</h2>}
          {text(props, 'intro') && <p dir="auto">{text(props, 'intro')}</p>}
        </header>
      )}
      <ul data-columns={columns}>
        {objects(props, 'products').map((product, i) => (
          <li key={`${text(product, 'handle')} ${i}`}>
            <Link href={addressOf(product)} className="card">
              <span className="tile">
                <Picture art={artOf(text(product, 'art'), 'vase')} />
                {text(product, 'badge') && <span className="badge" dir="auto">{text(product, 'badge')}</span>}
              </span>
              <span className="row">
                <span className="name" dir="auto">{text(product, 'name')}</span>
                <Price product={product} />
              </span>
              {text(product, 'tagline') && <span className="tagline" dir="auto">{text(product, 'tagline')}</span>}
            </Link>
          </li>
        ))}
      </ul>
      <LinkProp props={props} name="link" className="quiet" />
    </section>
  );
}

const FACTS = [['material', 'Material'], ['size', 'Size'], ['delivery', 'Delivery']] as const;

/** One product of the list: the one that the path of the screen names. */
export function ProductDetail({ block, mark }: BlockProps): ReactNode {
  const { props } = block;
  const shop = useShop();
  const [added, setAdded] = useState(0);
  const handle = text(shop.params, 'handle');
  const products = objects(props, 'products');
  const product = handle === '' ? products[0] : products.find((p) => text(p, 'handle') === handle);
  if (!product) {
    return (
      <section {...mark} className="detail none">
        <h1 dir="auto">{text(props, 'missing', 'We do not carry this product any more.')}</h1>
        <p><Link href="/" className="button">Back to the shop</Link></p>
      </section>
    );
  }
  return (
    <section {...mark} className="detail">
      <div className="tile"><Picture art={artOf(text(product, 'art'), 'vase')} />{text(product, 'badge') && <span className="badge" dir="auto">{text(product, 'badge')}</span>}</div>
      <div className="words">
        <p className="crumbs"><Link href="/">Nordlys</Link> <span aria-hidden="true">/</span> <Link href="/#grid">Collection</Link></p>
        <h1 dir="auto">{text(product, 'name')}</h1>
        {text(product, 'tagline') && <p className="tagline" dir="auto">{text(product, 'tagline')}</p>}
        <Price product={product} />
        {text(product, 'description') && <p className="lead" dir="auto">{text(product, 'description')}</p>}
        <p className="actions">
          <button
            type="button"
            className="button"
            onClick={() => {
              shop.addToBasket();
              setAdded((n) => n + 1);
            }}
          >
            {text(props, 'buyLabel', 'Add to basket')}
          </button>
          <span role="status" className="added">{added > 0 && `In your basket${added > 1 ? ` (${added})` : ''}`}</span>
        </p>
        <dl>
          {FACTS.map(([name, label]) => text(product, name) !== '' && (
            <div key={name}>
              <dt>{label}</dt>
              <dd dir="auto">{text(product, name)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
