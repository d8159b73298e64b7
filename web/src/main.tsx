/**
 * The outermost shell of the console: the only file that touches the browser's clock, history,
 * storage and network objects. It hands them to `console.ts` and mounts the page.
 */
import { createDOMRenderer } from '@fluentui/react-components';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createConsole } from './console.ts';
import type { ConsoleSeams } from './console.ts';
import { loadAgent, loadBoard, probe } from './data/api.ts';
import { openEventStream } from './data/event-stream.ts';
import type { AddressSeams } from './navigation.ts';
import type { SchemeSeams } from './look/scheme.ts';

/** What the build writes where the server has to put its nonce; see README.md. */
const UNSET_NONCE = 'LOCKSTEP_CSP_NONCE';
const SCHEME_KEY = 'lockstep.scheme';

function browserSeams(): ConsoleSeams {
  return {
    feed: {
      now: () => Date.now(),
      random: () => Math.random(),
      after(delayMs, task) {
        const timer = setTimeout(task, delayMs);
        return () => clearTimeout(timer);
      },
      openStream: openEventStream,
      loadBoard,
      probe,
    },
    every(everyMs, task) {
      const timer = setInterval(task, everyMs);
      return () => clearInterval(timer);
    },
    onFrame: (task) => requestAnimationFrame(task),
    scheme: schemeSeams(),
    address: addressSeams(),
    loadAgent,
    monotonic: () => performance.now(),
  };
}

function schemeSeams(): SchemeSeams {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  return {
    recall: () => quietly(() => localStorage.getItem(SCHEME_KEY) ?? undefined),
    remember: (scheme) => quietly(() => localStorage.setItem(SCHEME_KEY, scheme)),
    systemIsDark: () => dark.matches,
    onSystemChange: (listener) => dark.addEventListener('change', listener),
  };
}

function addressSeams(): AddressSeams {
  const address = (search: string): string => `${location.pathname}${search}${location.hash}`;
  return {
    search: () => location.search,
    push: (search) => history.pushState(null, '', address(search)),
    replace: (search) => history.replaceState(null, '', address(search)),
    back: () => history.back(),
    onPop: (listener) => window.addEventListener('popstate', listener),
  };
}

/** Storage may be forbidden, in a tab inside Teams for one; then the choice lasts for the visit. */
function quietly<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}

function nonce(): string | undefined {
  const found = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  return found === undefined || found === '' || found === UNSET_NONCE ? undefined : found;
}

function start(): void {
  const root = document.querySelector('#root');
  if (root === null) throw new Error('index.html has no element with the id "root"');
  const lockstep = createConsole(browserSeams());
  const given = nonce();
  const options = given === undefined ? {} : { styleElementAttributes: { nonce: given } };
  const renderer = createDOMRenderer(document, options);
  window.addEventListener('online', lockstep.feed.tryNow);
  lockstep.feed.start();
  createRoot(root).render(<App console={lockstep} renderer={renderer} />);
}

start();
