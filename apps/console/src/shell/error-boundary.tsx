import { Component, type ReactNode } from 'react';
import { t } from '../texts/texts';
import { ErrorNote, Page } from '../ui/parts';

interface Props {
  /** Of the screen inside: another one is another try. */
  readonly address?: string;
  readonly children: ReactNode;
}

/** In place of a screen that fails, for instance because a new version of the server has other files than this tab. */
export class ErrorBoundary extends Component<Props, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override componentDidUpdate({ address }: Props): void {
    if (address !== this.props.address && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Page title={t('problem.title')}>
        <ErrorNote error={error} onRetry={() => location.reload()} />
      </Page>
    );
  }
}
