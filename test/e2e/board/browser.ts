/**
 * What the board's tests share: the built console, a real Chromium, and probes that run inside the
 * page. Probes are text because this side of the tests knows no DOM.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const SITE = join(ROOT, 'dist', 'web');

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Why these tests cannot run here; false when they can. */
export const MISSING =
  CHROMIUM === undefined ? 'Chromium is absent; install it with: apt-get install chromium' : false;

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(String(MISSING));
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}

/** Builds the console unless what is there is newer than its sources. */
export async function ensureBuilt(): Promise<void> {
  const index = join(SITE, 'index.html');
  const built = existsSync(index) ? statSync(index).mtimeMs : 0;
  const sources = [join(ROOT, 'web', 'index.html'), join(ROOT, 'vite.config.ts')];
  for (const entry of readdirSync(join(ROOT, 'web', 'src'), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (entry.isFile()) sources.push(join(entry.parentPath ?? entry.path, entry.name));
  }
  if (sources.every((path) => statSync(path).mtimeMs < built)) return;
  const vite = createRequire(import.meta.url).resolve('vite/package.json');
  await promisify(execFile)(process.execPath, [join(vite, '..', 'bin', 'vite.js'), 'build'], {
    cwd: ROOT,
  });
}

/** Scripts that the page needs before it can do anything, gzipped. */
export function firstLoadBytes(): number {
  const html = readFileSync(join(SITE, 'index.html'), 'utf8');
  const paths = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.js)"/gu)].map((match) => match[1]);
  if (paths.length === 0) throw new Error('index.html names no script');
  return paths.reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(SITE, path ?? ''))).length,
    0,
  );
}

export interface Visit {
  readonly page: Page;
  /** What the page complained about: errors, refused styles or scripts. */
  readonly complaints: string[];
}

export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    ...options,
  });
  context.setDefaultTimeout(8000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One line per violation of WCAG 2.2 A and AA and of axe's best practices. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate<string[]>(`axe
    .run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))`);
}

export interface Frames {
  readonly p95: number;
  readonly count: number;
}

/** Times between pictures over `ms`. */
export function measureFrames(page: Page, ms: number): Promise<Frames> {
  return page.evaluate<Frames>(`new Promise((resolve) => {
    const gaps = [];
    let last = performance.now();
    const end = last + ${String(ms)};
    requestAnimationFrame(function picture(now) {
      gaps.push(now - last);
      last = now;
      if (now < end) return void requestAnimationFrame(picture);
      gaps.sort((a, b) => a - b);
      resolve({ p95: gaps[Math.floor(gaps.length * 0.95)], count: gaps.length });
    });
  })`);
}

/** The agents in the list, from top to bottom. */
export function agentsOf(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('[data-agent]')].map((row) => row.dataset.agent)`,
  );
}

export function focusedText(page: Page): Promise<string> {
  return page.evaluate<string>(`document.activeElement?.id || document.activeElement?.textContent`);
}
