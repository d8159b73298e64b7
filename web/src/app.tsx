/** The providers around the page: Fluent's style renderer and theme, and the console's state. */
import { FluentProvider, RendererProvider } from '@fluentui/react-components';
import type { createDOMRenderer } from '@fluentui/react-components';
import { StrictMode, useLayoutEffect } from 'react';
import type { ReactElement } from 'react';
import { BoardPage } from './board/board-page.tsx';
import { ConsoleContext, useCell } from './console.ts';
import type { Console } from './console.ts';
import { darkTheme, lightTheme } from './look/themes.ts';

export function App(props: {
  readonly console: Console;
  readonly renderer: ReturnType<typeof createDOMRenderer>;
}): ReactElement {
  return (
    <StrictMode>
      <RendererProvider renderer={props.renderer}>
        <ConsoleContext value={props.console}>
          <Themed console={props.console} />
        </ConsoleContext>
      </RendererProvider>
    </StrictMode>
  );
}

function Themed(props: { readonly console: Console }): ReactElement {
  const dark = useCell(props.console.scheme.dark);
  // Scroll bars and form controls are the browser's own; they follow the document.
  useLayoutEffect(() => {
    document.documentElement.dataset['scheme'] = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <FluentProvider theme={dark ? darkTheme : lightTheme}>
      <BoardPage />
    </FluentProvider>
  );
}
