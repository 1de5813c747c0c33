import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Empty } from './empty';

interface Props {
  /** When this changes, what failed is tried again. */
  readonly of: string;
  readonly children: ReactNode;
}

/** Keeps a view that broke from taking the studio along. */
export class Boundary extends Component<Props, { readonly failed: string | undefined }> {
  override state = { failed: undefined };

  static getDerivedStateFromProps(props: Props, state: { failed: string | undefined }): { failed: string | undefined } | null {
    return state.failed !== undefined && state.failed !== props.of ? { failed: undefined } : null;
  }

  static getDerivedStateFromError(): null {
    return null;
  }

  override componentDidCatch(error: unknown): void {
    console.error('This view broke.', error);
    this.setState({ failed: this.props.of });
  }

  override render(): ReactNode {
    if (this.state.failed === undefined) return this.props.children;
    return (
      <Empty title="This view broke" actions={<Button onClick={() => location.reload()}>Load it again</Button>}>
        Nothing that was saved is lost. If it happens again, the browser's console says more.
      </Empty>
    );
  }
}
